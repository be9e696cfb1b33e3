"""A calendar to test with, of either kind: its Remote, what a reader sees on it, and hands that meddle with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, Self
from zoneinfo import ZoneInfo

from ircal.feeds.expansion import expand_series
from ircal.google.client import build_service
from ircal.google.identity import Mark
from ircal.google.remote import GoogleRemote
from ircal.google.sandbox.query import read_query
from ircal.plan import Plan, moment, text_of
from ircal.sync import MemoryRemote, Outcome, Remote, Target
from tests.plan.making import CALENDAR, WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ircal.google.sandbox import SandboxServer
    from ircal.model.series import Series

Seen = tuple[date | datetime, date | datetime, str, str, str]
"""Start and end (a `moment`), title, place and text of one occurrence."""


def seen_in(desired: Iterable[Series]) -> list[Seen]:
    """What a reader should see of these Series."""
    return sorted(
        (
            (moment(each.start), moment(each.end), each.details.summary, each.details.location, text_of(each.details))
            for series in desired
            for each in expand_series(series)
            if each.details.status != "CANCELLED"
        ),
        key=str,
    )


class Harness(Protocol):
    """One calendar, seen from outside."""

    @property
    def remote(self) -> Remote: ...

    def seen(self) -> list[Seen]:
        """What a reader sees, occurrence by occurrence."""
        ...

    def delete_by_hand(self, uid: str) -> None: ...

    def touch_by_hand(self, uid: str) -> None:
        """Change an event, so that its etag is another."""
        ...

    def copy_by_hand(self, uid: str) -> None:
        """Make a second event with the same mark."""
        ...


def target(harness: Harness, *desired: Series) -> Target:
    return Target(CALENDAR, desired, WINDOW, harness.remote)


@dataclass
class Notebook:
    """A Journal for tests."""

    entries: list[tuple[Plan, Outcome]] = field(default_factory=list)

    def record(self, plan: Plan, outcome: Outcome) -> None:
        self.entries.append((plan, outcome))

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(outcome for _, outcome in self.entries)


class OnMemory:
    """A calendar in memory."""

    def __init__(self) -> None:
        self.remote = MemoryRemote()

    def seen(self) -> list[Seen]:
        return seen_in(series for series, _ in self.remote.events.values())

    def delete_by_hand(self, uid: str) -> None:
        del self.remote.events[uid]

    def touch_by_hand(self, uid: str) -> None:
        self.remote.put(self.remote.events[uid][0])

    def copy_by_hand(self, uid: str) -> None:
        self.remote.put(self.remote.events[uid][0], f"copy of {uid}")


class OnSandbox:
    """A calendar of the sandbox, spoken to by Google's client."""

    def __init__(self, server: SandboxServer, calendar_id: str) -> None:
        with server.world.lock:
            server.world.add_calendar(calendar_id, "Conferences", "America/New_York")
        self.server, self.world, self.calendar_id = server, server.world, calendar_id
        self.mark = Mark("tests", "conferences")
        self.service = build_service(server.url, None)
        self.naps: list[float] = []
        self.remote = self.again()

    def again(self, mark: Mark | None = None, *, batch_size: int = 50) -> GoogleRemote:
        """Another Remote for the same calendar."""
        mark = mark or self.mark
        return GoogleRemote(self.service, self.calendar_id, mark, sleep=self.naps.append, batch_size=batch_size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.service.close()

    def seen(self) -> list[Seen]:
        return seen_of(self.listed(singleEvents="true"))

    def listed(self, **query: str) -> list[dict[str, Any]]:
        """Every event that the API lists."""
        with self.world.lock:
            page = self.world.list_events(self.calendar_id, read_query([("maxResults", "2500"), *query.items()]))
        assert "nextPageToken" not in page
        items: list[dict[str, Any]] = page["items"]
        return items

    def calls(self) -> list[str]:
        """`GET events`, `PATCH event` ... since the last time it was asked; a batch is told as its inner calls."""
        found = [
            f"{entry.method} {'events' if entry.path.endswith('/events') else 'event'}"
            for entry in self.server.ledger.entries()
            if "/batch/" not in entry.path
        ]
        self.server.ledger.clear()
        return found

    def insert_foreign(self, **fields: Any) -> str:
        """An event of somebody else."""
        body = {"summary": "Dentist", **_ON_A_DAY, **fields}
        with self.world.lock:
            return str(self.world.insert(self.calendar_id, body)["id"])

    def event(self, event_id: str) -> dict[str, Any]:
        with self.world.lock:
            return self.world.get(self.calendar_id, event_id)

    def patch(self, event_id: str, **fields: Any) -> None:
        """What somebody does in Google's own calendar."""
        with self.world.lock:
            self.world.patch(self.calendar_id, event_id, fields)

    def delete(self, event_id: str) -> None:
        with self.world.lock:
            self.world.delete(self.calendar_id, event_id)

    def delete_by_hand(self, uid: str) -> None:
        self.delete(self.mark.event_id(uid))

    def touch_by_hand(self, uid: str) -> None:
        self.patch(self.mark.event_id(uid), colorId="3")

    def copy_by_hand(self, uid: str) -> None:
        shown = self.event(self.mark.event_id(uid))
        names = ("summary", "start", "end", "recurrence", "extendedProperties")
        self.insert_foreign(**{name: shown[name] for name in names if name in shown})


def seen_of(items: Iterable[dict[str, Any]]) -> list[Seen]:
    """What a reader sees of these instances, as the API lists them."""
    return sorted(map(_seen, items), key=str)


_ON_A_DAY = {"start": {"date": "2026-09-09"}, "end": {"date": "2026-09-10"}}


def _seen(item: dict[str, Any]) -> Seen:
    text = (item.get("summary", ""), item.get("location", ""), item.get("description", ""))
    return _moment(item["start"]), _moment(item["end"]), *text


def _moment(told: dict[str, str]) -> date | datetime:
    if "date" in told:
        return date.fromisoformat(told["date"])
    return moment(datetime.fromisoformat(told["dateTime"]).astimezone(ZoneInfo(told["timeZone"])))
