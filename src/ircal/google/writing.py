"""Writing what is new or different: first all masters, then all exceptions, each in batches.

Exceptions wait for all masters, so that a hundred of them fill two batches and not a hundred. What Google does to the
exceptions of a master that it holds at another time is documented nowhere: it keeps some of them and drops others. So
after such a change they are read again; after any other they are known.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ircal.errors import Conflict, RemoteError, Stopped
from ircal.google.answers import EVENT, Event
from ircal.google.appearance import appearance, is_edited
from ircal.google.errors import WHOLE_CALENDAR, AlreadyThere, Gone, not_an_answer, stopped
from ircal.google.identity import HASH, UID
from ircal.google.rules import parts_of
from ircal.google.sending import batched
from ircal.plan import Create, Update, moment, repairs, text_of
from ircal.sync import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from ircal.google.requests import Requests
    from ircal.google.sending import Answer, Request, Sender
    from ircal.model.schedule import Details
    from ircal.model.series import Series
    from ircal.plan import Change, Owned, OwnedException, Repair

log = logging.getLogger(__name__)

_FOLLOWED = "followed"
"""The digest of nothing that is wanted."""


class Writing:
    """`read` reads our events afresh, `doubt` has the next reading do so; whatever happens until then.

    Afterwards `written` is what was written, as Google shows it, and `doubtful` whether something was not there that
    was known to be.
    """

    def __init__(
        self,
        requests: Requests,
        sender: Sender,
        batch_size: int,
        read: Callable[[], tuple[Owned, ...]],
        doubt: Callable[[], None],
    ) -> None:
        self._requests = requests
        self._sender = sender
        self._batch_size = batch_size
        self._read, self._doubt = read, doubt
        self.written: list[Event] = []
        self.doubtful = False
        self._otherwise: list[Event] = []
        """What Google shows otherwise than it was sent."""

    def apply(self, changes: Iterable[Create | Update], stopping: Callable[[], bool]) -> Iterator[Outcome]:
        """Carry changes out. What became of one with exceptions is told when all masters are written.

        When it is `stopping`, the exceptions of those masters that are written are still put in place.
        """
        writes = [_Write(change, self._requests.event_id(change)) for change in changes]
        if any(write.disturbs_exceptions for write in writes):
            self._doubt()
        for group in batched((write for write in writes if not write.master_is_well), self._batch_size):
            if stopping():
                for write in group:
                    write.note(stopped())
                continue
            self._write_masters(group)
            self._take_back([write for write in group if isinstance(write.error, AlreadyThere)])
            yield from outcomes((write.change, write.error) for write in group if write.is_done)
        left = next((write.error for write in writes if isinstance(write.error, Stopped)), None)
        waiting = [write for write in writes if not write.is_done]
        self._write_exceptions(waiting)
        self._accept_otherwise()
        yield from outcomes((write.change, write.error) for write in waiting)
        if left:
            raise left

    def _write_masters(self, writes: Sequence[_Write]) -> None:
        answers = self._sender.send_all(self._requests.master(write.change) for write in writes)
        for write, answer in zip(writes, answers, strict=True):
            write.note(self._not_written(answer))

    def _take_back(self, writes: Sequence[_Write]) -> None:
        """Of the new events whose id is taken, restore those that are ours; the others stay as they are."""
        answers = self._sender.send_all(self._requests.get(write.event_id) for write in writes)
        found: list[tuple[_Write, Request]] = []
        for write, answer in zip(writes, answers, strict=True):
            there = _event(answer)
            write.error = there if isinstance(there, RemoteError) else self._not_ours(there, write.change)
            if isinstance(there, Event) and not write.error:
                write.repeated = _repeated(there)
                found.append((write, self._requests.rewrite(write.event_id, there.etag, write.change.series)))
        if any(write.repeated for write in writes):
            self._doubt()
        for (write, _), answer in zip(found, self._sender.send_all(request for _, request in found), strict=True):
            write.note(self._not_written(answer))

    def _not_ours(self, there: Event, change: Change) -> RemoteError | None:
        """Why what has the id of a new event is not what we may write over: another's, or newer than the plan.

        What says the same is of an insert of ours that had no answer. What says something else was made by another run
        since the plan was, and that one may know better.
        """
        # Of a deleted event Google promises no more than its id; that id is a hash which nobody else comes upon.
        if there.cancelled:
            return None
        if not self._requests.mark.is_on(there.private) or there.private.get(UID) != change.uid:
            message = f"The id {there.id} belongs to an event that ircal did not make."
            return RemoteError(message, "Remove that event by hand.")
        if isinstance(change, Create) and there.private.get(HASH) != change.series.digest:
            return Conflict(f"The event {there.id} was made by another run since this one looked.")
        return None

    def _write_exceptions(self, writes: Sequence[_Write]) -> None:
        known = {write.event_id: write.exceptions for write in writes} | self._read_again(writes)
        todo = [
            (write, repair) for write in writes if not write.error for repair in write.repairs(known[write.event_id])
        ]
        answers = self._sender.send_all(self._requests.exception(write.event_id, repair) for write, repair in todo)
        self.doubtful = any(isinstance(answer, Gone) for answer in answers)
        for (write, repair), answer in zip(todo, answers, strict=True):
            write.note(self._not_written(answer) if repair.override else not_deleted(answer))

    def _not_written(self, answer: Answer) -> RemoteError | None:
        """Why an event is not known to be written: what was written is in the answer, as it will be shown."""
        found = _event(answer)
        if isinstance(found, RemoteError):
            return found
        try:
            if is_edited(found):
                self._otherwise.append(found)
        except (ValueError, OverflowError):  # no times, or none that can be
            return not_an_answer()
        self.written.append(found)
        return None

    def _accept_otherwise(self) -> None:
        """Let what Google made of our events be what we look for; or each would look edited by hand, run after run.

        What goes wrong is no harm: such an event is written once more by the next run.
        """
        if not self._otherwise:
            return
        requests = [self._requests.accept(event.id, event.etag, appearance(event)) for event in self._otherwise]
        refused = [each for each in self._sender.send_all(requests) if isinstance(each, RemoteError)]
        log.info("%d events are shown otherwise than they were sent; %d not noted.", len(requests), len(refused))

    def _read_again(self, writes: Sequence[_Write]) -> dict[str, tuple[OwnedException, ...]]:
        """The exceptions of the masters whose writing may have changed them, as they are now."""
        disturbed = {write.event_id: write for write in writes if write.disturbs_exceptions}
        try:
            now = self._read() if disturbed else ()
        except RemoteError as error:
            for write in disturbed.values():
                write.note(error)
            return {}
        return {owned.id: owned.exceptions for owned in now if owned.id in disturbed}


@dataclass
class _Write:
    """A Create or Update under way, and the first thing that went wrong with it."""

    change: Create | Update
    event_id: str
    error: RemoteError | None = None
    repeated: bool = False
    """Whether it takes the place of something that repeated, or may have: its exceptions come back with it."""

    def note(self, error: RemoteError | None) -> None:
        """Take in what went wrong with one of its requests, if anything did."""
        self.error = self.error or error

    @property
    def exceptions(self) -> tuple[OwnedException, ...]:
        """Those that were there when the plan was made; what may have followed the master since is to be written."""
        if not isinstance(self.change, Update):
            return ()
        known, following = self.change.owned.exceptions, _following(self.change.owned.shown, self.change.series)
        return tuple(
            replace(each, digest=_FOLLOWED) if each.digest and each.original in following else each for each in known
        )

    @property
    def master_is_well(self) -> bool:
        """Whether only exceptions are amiss."""
        if not isinstance(self.change, Update) or self.change.owned.edited:
            return False
        return self.change.owned.digest == self.change.series.digest

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do once its master is written."""
        if self.error:
            return True
        return not self.disturbs_exceptions and not self.repairs(self.exceptions)

    @property
    def disturbs_exceptions(self) -> bool:
        """Whether its master was written, and there may be exceptions that felt it."""
        if self.repeated:
            return True
        if not isinstance(self.change, Update) or self.master_is_well or not self.exceptions:
            return False
        return (
            self.change.owned.edited
            or _another_rule(self.change.owned.shown, self.change.series)
            or any(repair.override is None for repair in self.repairs(self.exceptions))
        )

    def repairs(self, known: Iterable[OwnedException]) -> tuple[Repair, ...]:
        """What is to be done to the exceptions that are there."""
        return repairs(self.change.series, known, spare=isinstance(self.change, Update) and self.change.spare)


def _repeated(there: Event) -> bool:
    """Whether an event that was found is a series, or does not tell: of a deleted one its id alone is promised."""
    return bool(there.recurrence) or not (there.start.day or there.start.date_time)


def _following(shown: Series | None, wanted: Series) -> set[date | datetime]:
    """The exceptions, by original start, that say something which their master said, and will no longer say.

    Google tells of exceptions that their changes are preserved, and not whether the rest follows the master.
    """
    if shown is None:
        return set()
    before, after = _said(shown.details), _said(wanted.details)
    return {
        moment(each.recurrence_id)
        for each in shown.overrides
        if any(old == said != new for said, old, new in zip(_said(each.details), before, after, strict=True))
    }


def _said(details: Details) -> tuple[object, ...]:
    texts = (details.summary, details.location, text_of(details))
    return (*(text.split() for text in texts), details.transparent, details.status)


def _another_rule(shown: Series | None, wanted: Series) -> bool:
    """Whether the rule itself gives other starts than before, as far as that can be told."""
    if shown is None:
        return True
    before, after = ((moment(each.start), moment(each.end), parts_of(each.rrule)) for each in (shown, wanted))
    return before != after


def outcomes(results: Iterable[tuple[Change, RemoteError | None]]) -> Iterator[Outcome]:
    """An outcome for each change; an error that concerns the whole calendar is raised at the end instead."""
    stopped: RemoteError | None = None
    for change, error in results:
        if isinstance(error, WHOLE_CALENDAR):
            stopped = stopped or error
        else:
            yield Outcome(change, error)
    if stopped:
        raise stopped


def not_deleted(answer: Answer) -> RemoteError | None:
    """Why an event is not known to be away: the answer to a deletion is empty, and what was gone already is well."""
    if isinstance(answer, RemoteError):
        return None if isinstance(answer, Gone) else answer
    return not_an_answer() if answer else None


def _event(answer: Answer) -> Event | RemoteError:
    """The event that an answer holds."""
    if isinstance(answer, RemoteError):
        return answer
    try:
        return EVENT.validate_python(answer)
    except ValueError:
        return not_an_answer()
