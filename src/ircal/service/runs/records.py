"""What is written down of a run: that it began and how it ended, for each calendar, and every change in the journal."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, Self
from uuid import uuid4

from ircal.errors import GuardRefused, IrcalError, Refused, Stopped
from ircal.plan import Create, Delete, Update, titled
from ircal.store import JournalEntry, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from ircal.plan import Plan
    from ircal.store import RunState
    from ircal.sync import Outcome, Synced


_TOGETHER = 50
"""Entries that are written at a time."""


class Notebook(Protocol):
    """What is asked of a store here."""

    def record(self, *entries: JournalEntry) -> None:
        """Add to the journal."""

    def begin_run(self, run: Run) -> None:
        """Remember that a run has begun on a calendar."""

    def end_run(self, run: Run) -> None:
        """Remember how it ended."""

    def runs(self, limit: int, calendar: str | None = None) -> list[Run]:
        """The newest runs, newest first."""


@dataclass(slots=True)
class StoreJournal:
    """Writes what was done into the store's journal, as entries of one run; many at a time, the last when it is left.

    Outcomes come a batch of Google's at a time, and to write each by itself keeps all others from the store.
    """

    store: Notebook
    run: str
    clock: Callable[[], datetime]
    _unwritten: list[JournalEntry] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.write()

    def record(self, plan: Plan, outcome: Outcome) -> None:
        """Write down what became of a change of a plan."""
        self._unwritten.append(
            JournalEntry(
                at=self.clock(),
                calendar=plan.calendar,
                change=f"{type(outcome.change).__name__.lower()} {outcome.change.uid}",
                outcome=str(outcome.error or "done"),
                run=self.run,
            )
        )
        if len(self._unwritten) >= _TOGETHER:
            self.write()

    def write(self) -> None:
        """Write what was not written yet. Raises StoreError."""
        entries, self._unwritten = self._unwritten, []
        self.store.record(*entries)


@dataclass
class Recorded:
    """One run over some calendars, while it is under way: what is known of each when it ends is added here."""

    id: str
    due: datetime | None = None
    done: list[Synced] = field(default_factory=list)
    errors: dict[str, IrcalError] = field(default_factory=dict)


@contextmanager
def recorded(
    store: Notebook,
    begun: Recorded,
    causes: Mapping[str, str],
    clock: Callable[[], datetime],
    calls: Callable[[str], int],
) -> Iterator[None]:
    """Remember that a run began, by calendar its cause; and how it ended, whatever is raised inside.

    One that is still said to be under way was broken off, for whoever runs is the only one at these calendars.
    """
    for calendar in causes:
        _end_broken(store, calendar, clock())
    runs = {calendar: Run(begun.id, calendar, cause, clock(), due=begun.due) for calendar, cause in causes.items()}
    for run in runs.values():
        store.begin_run(run)
    fault: BaseException | None = None
    try:
        yield
    except BaseException as error:
        fault = error
        raise
    finally:
        done = {each.plan.calendar: each for each in begun.done}
        for calendar, run in runs.items():
            known = begun.errors.get(calendar) or fault
            store.end_run(_ended(run, done.get(calendar), known, clock(), calls(calendar)))


def _end_broken(store: Notebook, calendar: str, now: datetime) -> None:
    for run in store.runs(1, calendar):
        if run.state == "running":
            store.end_run(replace(run, ended=now, state="stopped", error="The process that was at it is gone."))


def _ended(run: Run, synced: Synced | None, fault: BaseException | None, now: datetime, calls: int) -> Run:
    error = (synced.error if synced else None) or fault
    state, told = state_of(synced, error)
    made = Counter(type(each.change) for each in synced.outcomes if not each.error) if synced else Counter()
    run = replace(run, created=made[Create], updated=made[Update], deleted=made[Delete], calls=calls)
    return replace(run, ended=now, state=state, error=told, fault=_kind_of(synced, error))


def noted(store: Notebook, calendar: str, cause: str, error: IrcalError, now: datetime) -> None:
    """Write down a run that could not even begin."""
    state, told = state_of(None, error)
    store.end_run(Run(uuid4().hex, calendar, cause, now, now, state, error=told, fault=_kind_of(None, error)))


def state_of(synced: Synced | None, error: BaseException | None) -> tuple[RunState, str]:
    """How a run ended for a calendar, and what is told of it. What is in quarantine does not make it fail."""
    if isinstance(error, Stopped | KeyboardInterrupt):
        return "stopped", str(error)
    if isinstance(error, GuardRefused):
        return "refused", error.message
    if error is not None:
        return "failed", error.message if isinstance(error, IrcalError) else f"{type(error).__name__}: see the log"
    failed = [each for each in synced.failed if not isinstance(each.error, Refused)] if synced else []
    if failed:
        return "failed", _told(failed)
    return "done", _told(synced.failed) if synced else ""


def _kind_of(synced: Synced | None, error: BaseException | None) -> str:
    """The kind of the error, or of the first that a change had; empty where all is well."""
    first = error or next((each.error for each in synced.failed), None) if synced else error
    return type(first).__name__ if first else ""


def _told(failed: Iterable[Outcome]) -> str:
    failed = list(failed)
    if not failed:
        return ""
    more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
    return f"{titled(failed[0].change)}: {failed[0].error}{more}"
