"""The mission: read, plan, guard, apply, write down; and what happens when something is in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from ircal.errors import Conflict, Denied, GuardRefused, Refused, RemoteError, RemoteMissing, ServerFault, Unreachable
from ircal.model.program import Calendar
from ircal.plan import Create, Delete, Guard, Policy, Update, checksum_of
from ircal.store import MemoryStore
from ircal.sync import ROUNDS, MemoryRemote, Outcome, Target, look, plan_for, sync, sync_all
from ircal.wiring.remembered import StoreQuarantine
from tests.plan.making import CALENDAR, WINDOW, at, single

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ircal.model.series import Series
    from ircal.plan import Change, Owned
    from ircal.sync import Synced
    from tests.sync.harness import Notebook

OTHER = Calendar(id="other", name="Other", kind="programme")


@dataclass
class Meddled(MemoryRemote):
    """A calendar on which something happens each time just before it is written to."""

    meddle: Callable[[MemoryRemote], None] = lambda _remote: None
    rounds: int = 0

    def apply(self, changes: Iterable[Change]) -> Iterator[Outcome]:
        self.rounds += 1
        self.meddle(self)
        return super().apply(changes)


@dataclass
class Untouchable:
    """A calendar that must not be written to."""

    events: MemoryRemote = field(default_factory=MemoryRemote)

    def owned(self) -> tuple[object, ...]:
        return self.events.owned()

    def apply(self, _changes: object) -> Iterator[Outcome]:
        raise AssertionError("something was written")


def remote_with(*series: Series, kind: type[MemoryRemote] = MemoryRemote) -> MemoryRemote:
    remote = kind()
    for each in series:
        remote.put(each)
    return remote


def to(remote: MemoryRemote, *desired: Series, calendar: Calendar = CALENDAR) -> Target:
    return Target(calendar, desired, WINDOW, remote)


def on(remote: MemoryRemote) -> dict[str, str]:
    return {event_id: series.details.summary for event_id, (series, _) in remote.events.items()}


def test_what_is_done_is_in_the_result_and_in_the_journal(journal: Notebook) -> None:
    remote = remote_with(single("kept"), single("gone"))
    synced = sync(to(remote, single("kept", summary="B"), single("new")), Guard(), journal)
    assert [type(outcome.change) for outcome in synced.outcomes] == [Create, Update, Delete]
    assert journal.entries == [(synced.plan, outcome) for outcome in synced.outcomes]
    assert (on(remote), synced.failed) == ({"kept": "B", "new": "Journal club"}, ())


def test_a_dangerous_plan_is_refused_before_the_first_write(journal: Notebook) -> None:
    remote = Untouchable(remote_with(single("a")))
    with pytest.raises(GuardRefused):
        sync(Target(CALENDAR, (), WINDOW, remote), Guard(), journal)  # type: ignore[arg-type]
    assert journal.entries == []


def test_a_policy_holds_changes_back(journal: Notebook) -> None:
    remote = remote_with(single("kept"), single("gone"))
    synced = sync(to(remote, single("kept", summary="B")), Guard(), journal, Policy.UPSERT_ONLY)
    assert (on(remote), synced.plan.withheld) == ({"kept": "B", "gone": "Journal club"}, 1)


def test_planning_writes_nothing() -> None:
    remote = Untouchable(remote_with(single("a")))
    plan = plan_for(Target(CALENDAR, (single("b"),), WINDOW, remote))  # type: ignore[arg-type]
    assert [type(change) for change in plan.changes] == [Create, Delete]


# --------------------------------------------------------------------------------------------------------- conflicts


def test_a_conflict_is_read_and_planned_again(journal: Notebook) -> None:
    remote = remote_with(single("a"), single("b"), kind=Meddled)
    assert isinstance(remote, Meddled)

    def once(there: MemoryRemote) -> None:
        if remote.rounds == 1:
            there.put(single("a", summary="by hand"))

    remote.meddle = once
    synced = sync(to(remote, single("a", summary="A"), single("b", summary="B")), Guard(), journal)
    assert (on(remote), remote.rounds, synced.failed) == ({"a": "A", "b": "B"}, 2, ())
    assert [outcome.change.uid for outcome in synced.outcomes] == ["b", "a"]
    assert [type(outcome.error) for outcome in journal.outcomes] == [Conflict, type(None), type(None)]


def test_a_conflict_that_settles_itself_needs_no_write(journal: Notebook) -> None:
    remote = remote_with(single("a"), kind=Meddled)
    assert isinstance(remote, Meddled)
    remote.meddle = lambda there: there.put(single("a", summary="A"))
    assert sync(to(remote, single("a", summary="A")), Guard(), journal).outcomes == ()


def test_a_conflict_that_does_not_end_is_reported(journal: Notebook) -> None:
    remote = remote_with(single("a"), kind=Meddled)
    assert isinstance(remote, Meddled)
    remote.meddle = lambda there: there.put(single("a", summary="by hand"))
    synced = sync(to(remote, single("a", summary="A")), Guard(), journal)
    assert (remote.rounds, [type(outcome.error) for outcome in synced.failed]) == (ROUNDS, [Conflict])


def test_the_second_plan_is_guarded_too(journal: Notebook) -> None:
    remote = remote_with(single("a"), kind=Meddled)
    assert isinstance(remote, Meddled)

    def crowd(there: MemoryRemote) -> None:
        for n in range(20):
            there.put(single("a" if n == 0 else f"u{n}", summary="by hand"))

    remote.meddle = crowd
    with pytest.raises(GuardRefused, match="19 of 20 events would be removed"):
        sync(to(remote, single("a", summary="A")), Guard(), journal)
    assert remote.rounds == 1


def test_other_failures_are_reported_and_not_tried_again(journal: Notebook) -> None:
    poison = RemoteError("Google does not take it.")

    class Refusing(Meddled):
        def apply(self, changes: Iterable[Change]) -> Iterator[Outcome]:
            self.rounds += 1
            return (Outcome(change, poison if change.uid == "a" else None) for change in changes)

    remote = Refusing()
    synced = sync(to(remote, single("a"), single("b")), Guard(), journal)
    assert (remote.rounds, synced.failed) == (1, (Outcome(Create(single("a")), poison),))


# ---------------------------------------------------------------------------------------------------- many calendars


def test_many_calendars(journal: Notebook) -> None:
    one, other = MemoryRemote(), remote_with(single("a"), single("b"))
    targets = [to(one, single("a")), to(other, single("a"), calendar=OTHER)]
    done = sync_all(targets, Guard(), journal)
    assert [synced.plan.calendar for synced in done] == ["conferences", "other"]
    assert (on(one), on(other)) == ({"a": "Journal club"}, {"a": "Journal club"})
    assert [plan.calendar for plan, _ in journal.entries] == ["conferences", "other"]


def test_one_dangerous_plan_stops_all(journal: Notebook) -> None:
    targets = [
        Target(CALENDAR, (single("a"),), WINDOW, Untouchable()),  # type: ignore[arg-type]
        Target(OTHER, (), WINDOW, Untouchable(remote_with(single("a")))),  # type: ignore[arg-type]
    ]
    with pytest.raises(GuardRefused):
        sync_all(targets, Guard(), journal)


class Away(MemoryRemote):
    """A calendar that cannot be read."""

    error: type[RemoteError] = Unreachable

    def owned(self) -> tuple[Owned, ...]:
        raise self.error("Not now.")


class Gone(Away):
    error = RemoteMissing


class Silent(MemoryRemote):
    """A calendar that can be read, and fails after the first change."""

    error: type[RemoteError] = Unreachable

    def apply(self, changes: Iterable[Change]) -> Iterator[Outcome]:
        yield next(super().apply(changes))
        raise self.error("Not now.")


class Forbidden(Silent):
    error = Denied


def test_a_fault_of_the_account_while_reading_stops_all(journal: Notebook) -> None:
    targets = [Target(CALENDAR, (single("a"),), WINDOW, Untouchable()), to(Away(), calendar=OTHER)]  # type: ignore[arg-type]
    with pytest.raises(Unreachable):
        sync_all(targets, Guard(), journal)


def test_a_calendar_that_is_gone_does_not_keep_the_others_from_being_right(journal: Notebook) -> None:
    well = MemoryRemote()
    gone, done = sync_all([to(Gone(), single("a")), to(well, single("a"), calendar=OTHER)], Guard(), journal)
    assert (type(gone.error), gone.plan.changes, gone.outcomes) == (RemoteMissing, (), ())
    assert (done.error, on(well)) == (None, {"a": "Journal club"})


def test_a_calendar_that_refuses_half_way_does_not_keep_the_others_from_being_right(journal: Notebook) -> None:
    well, half = MemoryRemote(), Forbidden()
    targets = [to(half, single("a"), single("b")), to(well, single("a"), calendar=OTHER)]
    refused, done = sync_all(targets, Guard(), journal)
    assert (type(refused.error), len(refused.outcomes), len(on(half))) == (Denied, 1, 1)
    assert (done.error, on(well)) == (None, {"a": "Journal club"})


def test_what_comes_after_a_fault_of_the_account_is_not_tried(journal: Notebook) -> None:
    targets = [to(Silent(), single("a"), single("b")), to(Silent(), single("a"), calendar=OTHER)]
    first, second = sync_all(targets, Guard(), journal)
    assert (type(first.error), len(first.outcomes)) == (Unreachable, 1)
    assert (second.error, second.outcomes) == (first.error, ())


class Faulty(Away):
    error = ServerFault


class HalfFaulty(Silent):
    error = ServerFault


def test_a_calendar_that_the_server_cannot_serve_does_not_keep_the_others_from_being_right(journal: Notebook) -> None:
    well, half = MemoryRemote(), HalfFaulty()
    third = CALENDAR.model_copy(update={"id": "third", "google": "third@example.org"})
    targets = [to(Faulty()), to(half, single("a"), single("b"), calendar=OTHER), to(well, single("a"), calendar=third)]
    read, written, done = sync_all(targets, Guard(), journal)
    assert [type(each.error) for each in (read, written)] == [ServerFault, ServerFault]
    assert (done.error, on(well)) == (None, {"a": "Journal club"})


def test_a_server_that_can_serve_nobody_is_not_asked_for_every_calendar(journal: Notebook) -> None:
    calendars = [CALENDAR.model_copy(update={"id": f"c{n}", "google": f"c{n}@example.org"}) for n in range(5)]
    faulty = [to(Faulty(), calendar=each) for each in calendars[:3]]
    targets = [*faulty, *(Target(each, (), WINDOW, Untouchable()) for each in calendars[3:])]  # type: ignore[arg-type]
    assert [type(each.error) for each in look(targets)] == [ServerFault] * 5
    with pytest.raises(ServerFault):
        sync_all(targets, Guard(), journal)


def test_looking_asks_nobody_after_a_fault_of_the_account() -> None:
    seen = look([to(Away(), single("a")), Target(OTHER, (), WINDOW, Untouchable())])  # type: ignore[arg-type]
    assert [type(each.error) for each in seen] == [Unreachable, Unreachable]


def test_only_the_plan_that_was_reviewed_is_applied(journal: Notebook) -> None:
    remote = remote_with(single("a"))
    target = to(remote, single("a"), single("b"))
    reviewed = checksum_of([plan_for(target)])
    with pytest.raises(GuardRefused, match=f"its checksum is {reviewed} now"):
        sync_all([target], Guard(), journal, reviewed="0" * 16)
    assert on(remote) == {"a": "Journal club"}
    sync_all([target], Guard(), journal, reviewed=reviewed)
    assert on(remote) == {"a": "Journal club", "b": "Journal club"}


def test_a_conflict_with_a_reviewed_plan_is_not_planned_again(journal: Notebook) -> None:
    remote = remote_with(single("a"), kind=Meddled)
    assert isinstance(remote, Meddled)
    target = to(remote, single("a", summary="A"))
    reviewed = plan_for(target).checksum
    remote.meddle = lambda there: there.put(single("a", summary="by hand"))
    (synced,) = sync_all([target], Guard(), journal, reviewed=reviewed)
    assert (remote.rounds, len(synced.failed)) == (1, 1)


def test_a_conflict_of_one_of_many_calendars_is_planned_again(journal: Notebook) -> None:
    remote = remote_with(single("a"), kind=Meddled)
    assert isinstance(remote, Meddled)

    def once(there: MemoryRemote) -> None:
        if remote.rounds == 1:
            there.put(single("a", summary="by hand"))

    remote.meddle = once
    (synced,) = sync_all([to(remote, single("a", summary="A"))], Guard(), journal)
    assert (on(remote), synced.failed) == ({"a": "A"}, ())


# -------------------------------------------------------------------------------------------------------- quarantine


class Picky(MemoryRemote):
    """A calendar that takes nothing called Poison."""

    asked = 0

    def apply(self, changes: Iterable[Change]) -> Iterator[Outcome]:
        for change in changes:
            self.asked += 1
            poison = not isinstance(change, Delete) and change.series.details.summary == "Poison"
            yield Outcome(change, Refused("Not that.")) if poison else next(super().apply([change]))


def held(synced: Synced) -> list[str]:
    return [str(each) for each in synced.plan.held]


def test_what_is_refused_is_held_back_while_it_would_say_the_same(journal: Notebook) -> None:
    remote, quarantine = Picky(), StoreQuarantine(MemoryStore(), "c")

    def run(*desired: Series) -> Synced:
        return sync(Target(CALENDAR, desired, WINDOW, remote, quarantine), Guard(), journal)

    first = run(single("a"), single("b", summary="Poison"), single("c"))
    assert ([outcome.change.uid for outcome in first.failed], held(first), remote.asked) == (["b"], [], 3)
    again = run(single("a"), single("b", summary="Poison"), single("c"))
    assert (again.outcomes, held(again)) == ((), ["2026-09-09 12:00-13:00  Poison is held back: Not that."])
    assert "  ! 2026-09-09 12:00-13:00  Poison is held back: Not that." in str(again.plan).splitlines()
    assert again.plan.to_json()["held"] == [{"uid": "b", "text": held(again)[0]}]
    other = run(single("a"), single("b", at(9, 10), "Poison"), single("c"))
    assert ([outcome.change.uid for outcome in other.failed], remote.asked) == (["b"], 4)
    mended = run(single("a"), single("b", summary="Cure"), single("c"))
    assert (mended.failed, quarantine.refused()) == ((), {})
