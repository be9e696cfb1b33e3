"""A small programme of which two calendars are in Google, here a sandbox over a socket, and a worker for them."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from ircal.accounts import google_account
from ircal.google.sandbox import SandboxServer
from ircal.service import FeedBook
from ircal.service.folder import FolderDigest
from ircal.service.runs.guarding import guard_of
from ircal.service.runs.holding import Holds
from ircal.service.runs.visits import Accounts, Visits
from ircal.service.triggers import MarkAndNudge
from ircal.store import MemoryStore
from tests.service.conftest import NOW, Coordinator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ircal.google.sandbox.calls import Answer, Call, Handler
    from ircal.settings import Settings
    from ircal.store import Run

GOOGLE = {"ash": "ash@example.org", "mm": "mm@example.org"}


@dataclass
class Hand:
    """What is done in Google at a call: `meanwhile` happens before it is answered, once."""

    meanwhile: list[object] = field(default_factory=list)
    refuse: Answer | None = None

    def __call__(self, handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if self.meanwhile:
                act = self.meanwhile.pop()
                assert callable(act)
                act()
            return self.refuse or handler(call)

        return answer


class Nowhere:
    """A queue that nobody works on: the tests make the visits."""

    def nudge(self, calendars: Iterable[str]) -> None:
        """Leave them."""


@dataclass
class Worker:
    """A worker, its clock, and everything around it."""

    server: SandboxServer
    hand: Hand
    coordinator: Coordinator
    store: MemoryStore
    book: FeedBook
    visits: Visits
    holds: Holds
    stop: threading.Event
    now: datetime = NOW

    def clock(self) -> datetime:
        return self.now

    @property
    def triggers(self) -> MarkAndNudge:
        pushed = self.book.wanted.pushed if self.book.wanted else ()
        return MarkAndNudge(self.store, Nowhere(), lambda: pushed, lambda: None, self.clock)

    def edit(self, old: str, new: str) -> None:
        """Edit the conferences, and take that over."""
        self.coordinator.edit("conferences.yaml", old, new)
        self.book.refresh(self.now)

    def last(self, calendar: str = "mm") -> Run:
        return self.store.runs(1, calendar)[0]

    def told(self, calendar: str = "mm") -> tuple[str, str, int]:
        """How the last run ended: its state, its causes, and how many changes it made."""
        run = self.last(calendar)
        return run.state, run.cause, run.created + run.updated + run.deleted

    def names(self, calendar: str = "mm") -> list[str]:
        """What is on the Google calendar."""
        with self.server.world.lock:
            events = self.server.world.calendar(GOOGLE[calendar]).events.values()
            return sorted({str(each.fields["summary"]) for each in events if not each.cancelled})


@pytest.fixture
def worker(coordinator: Coordinator, settings: Settings) -> Iterator[Worker]:
    for name, google in GOOGLE.items():
        coordinator.edit("calendars.yaml", f"of: {name}", f"google: {google}, of: {name}")
    hand, store, stop = Hand(), MemoryStore(), threading.Event()
    book = FeedBook(coordinator.load, FolderDigest(coordinator.folder), store, 2)
    book.refresh(NOW)
    with SandboxServer(wrap=hand) as server:
        server.add_calendars((google, name, "America/New_York") for name, google in GOOGLE.items())
        there = settings.model_copy(
            update={"google": settings.google.model_copy(update={"api_root": server.url.rstrip("/"), "attempts": 1})}
        )
        opened = partial(google_account, there, store)
        with (
            closing(Accounts(opened)) as accounts,
            closing(Holds(store, lambda: made.now, timedelta(hours=1))) as holds,
        ):
            visits = Visits(
                store,
                book,
                holds,
                accounts,
                lambda wanted, now: guard_of(there, wanted.program, now),
                lambda: made.now,
                stop,
            )
            made = Worker(server, hand, coordinator, store, book, visits, holds, stop)
            yield made
