"""The pages of several programmes: a front, and behind it those of each, made when somebody looks at them.

They are there for as long as their programme is at hand, so that of very many only some are in memory.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from ircal.service.pages import rules_of
from ircal.service.site import About, ProgrammeSite
from ircal.store import key_of, scope_of
from ircal.web import Opened

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from starlette.types import ASGIApp

    from ircal.service.book import FeedBook
    from ircal.service.door import TokenDoor
    from ircal.service.shelf import Shelf
    from ircal.service.site import Around
    from ircal.service.triggers import Cause, Triggers
    from ircal.settings import Settings
    from ircal.store import Store
    from ircal.web.pages import Listed


log = logging.getLogger(__name__)


class ShelfSite:
    """A `Site` of several programmes, and the `Programmes` of its front. Raises SettingsError for wrong settings."""

    def __init__(self, settings: Settings, shelf: Shelf, door: TokenDoor, triggers: Triggers, around: Around) -> None:
        from ircal.web.pages import create_front  # noqa: PLC0415 only those who serve shall wait for it

        self._settings = settings
        self._shelf = shelf
        self._door = door
        self._triggers = triggers
        self._around = around
        self._making = threading.Lock()
        self._sites: dict[str, ProgrammeSite] = {}
        for name in sorted(settings.admin.own_hashes.keys() - {name for name, _, _ in shelf.listed()}):
            log.warning("IRCAL_ADMIN__PASSWORD_HASHES names '%s', and there is no such programme.", name)
        self.app = create_front(self, door, rules_of(settings, around.url), around.clock, ended=around.store)

    # --------------------------------------------------------------------------------------------- as the front asks
    def listed(self) -> Sequence[Listed]:
        """All programmes, by name."""
        from ircal.web.pages import Listed  # noqa: PLC0415 as above

        found = ((name, title, len(problems)) for name, title, problems in self._shelf.listed())
        return [Listed(name, title or name, count) for name, title, count in sorted(found)]

    def pages(self, name: str) -> ASGIApp | None:
        """The pages of one, which is at hand from now on; None if there is none by that name."""
        opened = self._shelf.opened(name)
        if opened is None:
            return None
        with self._making:
            found = self._sites.get(name)
            if found is None or found.book is not opened[1]:
                found = self._sites[name] = self._made(name, *opened)
        return found.app

    def opened_by(self, secret: str) -> str | None:
        """The programme whose link a secret is."""
        opened = self._door.opened_by(secret)
        return scope_of(opened.calendar)[0] if opened else None

    def _made(self, name: str, store: Store, book: FeedBook) -> ProgrammeSite:
        settings = self._settings.model_copy(update={"config": self._shelf.folder(name), "programme": name})
        door, triggers = _OwnDoor(name, self._door), _OwnTriggers(name, self._shelf, self._triggers)
        return ProgrammeSite(About(settings, store, book, door, triggers, name), self._around)

    # ----------------------------------------------------------------------------------------------- to be looked after
    def prepare(self) -> None:
        """Work out what is new, of those that somebody looked at; let go of those that are not at hand any more."""
        with self._making:
            there = {name: site for name, site in self._sites.items() if self._shelf.has_at_hand(name, site.book)}
            self._sites = dict(there)
        for site in there.values():
            site.prepare()

    def made_of(self, name: str) -> ProgrammeSite:
        """The pages of one that are there. Raises KeyError."""
        return self._sites[name]

    @property
    def made(self) -> tuple[str, ...]:
        """The programmes whose pages are there."""
        return tuple(self._sites)


class _OwnDoor:
    """The links of one programme; a link of another opens nothing there."""

    def __init__(self, name: str, door: TokenDoor) -> None:
        self._name = name
        self._door = door

    def opened_by(self, secret: str) -> Opened | None:
        """What the secret opens."""
        opened = self._door.opened_by(secret)
        name, calendar = scope_of(opened.calendar) if opened else ("", "")
        return Opened(calendar, opened.fetched) if opened and name == self._name else None

    def fetched(self, calendar: str) -> datetime | None:
        """When a calendar was last fetched."""
        return self._door.fetched(key_of(self._name, calendar))


class _OwnTriggers:
    """Marks calendars of one programme."""

    def __init__(self, name: str, shelf: Shelf, triggers: Triggers) -> None:
        self._within = key_of(name, "")
        self._shelf = shelf
        self._triggers = triggers

    def mark(self, calendars: Collection[str] | None, cause: Cause, by: str = "") -> None:
        """Have some, or all of them, looked at again soon. Raises StoreError."""
        if calendars is None:
            keys = [key for key in self._shelf.google if key.startswith(self._within)]
        else:
            keys = [f"{self._within}{each}" for each in calendars]
        self._triggers.mark(keys, cause, by)

    def look(self) -> None:
        """Have the configurations looked at again soon."""
        self._triggers.look()
