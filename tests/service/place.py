"""A whole service in a folder: a small programme, the sandbox in Google's place, and hands that meddle with both."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

from ircal.accounts import google_account
from ircal.google.sandbox import SandboxServer
from ircal.google.sandbox.query import Query
from ircal.service import FeedServer
from ircal.service.site import ProgrammeSite
from ircal.settings import load_settings
from ircal.trial import SheetTrier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ircal.google.sandbox.model import Resource
    from ircal.service.desk import RunDesk
    from ircal.web.desk import CalendarState

CALENDAR = "ash@example.org"
PROGRAMME = """
program:
  id: small
  name: Small programme
  timezone: America/New_York
  first_year: 2026
  published: 2026-05-01T09:00:00-04:00
  grid: blocks
grids:
  blocks: {kind: fixed_weeks}
sites:
  west: {name: West Campus}
rotations:
  ir: {name: IR West, site: west, short: W}
people:
  ash: {name: Robin Ash, role: resident, entered: 2026-07-01}
conferences:
  rounds: {name: Rounds, when: "Mo-Fr 07:00-07:30", site: west, audience: everyone}
  talks: {name: Talks, sessions: talks, site: west, audience: everyone}
calendars:
  ash: {name: Robin Ash, kind: resident, of: ash, google: ash@example.org}
  rounds: {name: Rounds, kind: conference, of: rounds, public: true}
"""
_DAYS = [f"2027-{month:02}-{day:02}" for month in (2, 3) for day in range(1, 29)]
_SOON = 30.0
"""Seconds within which a machine that is busy with other tests does what takes it a fraction of one."""


@dataclass
class Place:
    """A running service, and what stands around it."""

    server: FeedServer
    google: SandboxServer
    config: Path

    @property
    def desk(self) -> RunDesk:
        """The coordinators' desk."""
        assert isinstance(self.server.site, ProgrammeSite)
        found = self.server.site.desk
        assert found
        return found

    def state(self, calendar: str) -> CalendarState:
        """How it stands with a calendar."""
        return next(each for each in self.desk.calendars() if each.id == calendar)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is so."""
        limit = time.monotonic() + _SOON
        while not holds():
            assert time.monotonic() < limit, self.desk.calendars()
            threading.Event().wait(0.02)

    def settled(self, calendar: str, state: str) -> CalendarState:
        """Wait until it stands so with a calendar and nothing is due."""
        self.until(lambda: (found := self.state(calendar)).state == state and found.since is None)
        return self.state(calendar)

    def events(self) -> list[Resource]:
        """What stands on the calendar in Google's place."""
        with self.google.world.lock:
            return list(self.google.world.list_events(CALENDAR, Query())["items"])

    def there(self) -> int:
        """How many events that are."""
        return len(self.events())

    def delete_one(self) -> None:
        """Delete a talk by hand."""
        talk = next(each for each in self.events() if each["summary"] == "Talks")
        with self.google.world.lock:
            self.google.world.delete(CALENDAR, talk["id"])

    def have(self, talks: int) -> None:
        """Have so many talks in the programme, and wait until it is in force."""
        write(self.config, talks)
        self.server.look()
        self.until(lambda: len(self._talks()) == talks)
        wanted = self.server.book.wanted
        assert wanted
        self.until(lambda: self._is_looked_at(talks))

    def _talks(self) -> list[str]:
        wanted = self.server.book.wanted
        return (
            []
            if wanted is None
            else [each.uid for each in wanted.feeds["ash"].series if each.details.summary == "Talks"]
        )

    def _is_looked_at(self, talks: int) -> bool:
        """Whether a run has seen that: it has done it, or the guard has refused it."""
        state = self.state("ash")
        if state.since is not None or state.state in {"running", "pending", "unknown"}:
            return False
        return state.state == "guarded" or len([each for each in self.events() if each["summary"] == "Talks"]) == talks


def write(config: Path, talks: int) -> None:
    """The programme with so many talks."""
    rows = "".join(f"{day},08:00,09:00\n" for day in _DAYS[:talks])
    file = config / "sessions" / "talks.csv"
    new = file.with_name(".talks.new")
    new.write_text(f"date,start,end\n{rows}")
    new.replace(file)


@contextmanager
def placed(path: Path, **admin: object) -> Iterator[Place]:
    """Such a service, running, in an empty folder; `admin` are settings of who is a coordinator."""
    config = path / "config"
    for folder in ("blocks", "sessions"):
        (config / folder).mkdir(parents=True)
    (config / "programme.yaml").write_text(dedent(PROGRAMME))
    (config / "blocks" / "2026-27.csv").write_text("resident,1,2\nash,ir,ir\n")
    write(config, 30)
    with SandboxServer(require_auth=True) as google:
        google.world.add_calendar(CALENDAR, "Robin Ash", "America/New_York")
        google.write_credentials(path / "key.json")
        settings = load_settings(
            config=config,
            state_dir=path / "state",
            http={"port": 0},
            admin=admin,
            google={"api_root": google.url.rstrip("/"), "credentials_file": path / "key.json"},
        )
        with FeedServer(settings, google_account, SheetTrier) as server:
            thread = threading.Thread(target=server.run)
            thread.start()
            try:
                yield Place(server, google, config)
            finally:
                server.stop()
                thread.join(timeout=60)
