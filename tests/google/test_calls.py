"""What a run costs: a year of 10 weekly conferences, each with one session cancelled and one moved, and 130 blocks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ircal.plan import Guard
from ircal.sync import sync
from tests.plan.making import at, block, cancelling, differing, weekly
from tests.sync.harness import Notebook, OnSandbox, seen_in, target

if TYPE_CHECKING:
    from ircal.model.series import Series

ALLOW = Guard(allow=True)
DAY = timedelta(days=1)


def conference(number: int, summary: str = "", later: timedelta = timedelta()) -> Series:
    """40 weekly sessions from September; the sixth is cancelled, the eleventh is a day late."""
    held = weekly(f"c{number}", at(9, 1 + number, 7) + later, 40, summary or f"Conference {number}")
    return differing(cancelling(held, 5), 10, later=DAY)


BLOCKS = [
    block(f"b{number}", date(2026, 7, 1) + number * DAY, summary=f"Rotation {number % 13}") for number in range(130)
]
YEAR = [*(conference(number) for number in range(10)), *BLOCKS]


def cost(harness: OnSandbox, *desired: Series) -> tuple[int, int]:
    """The API calls and the HTTP requests of a run, after which the calendar says what it should."""
    harness.server.ledger.clear()
    assert sync(target(harness, *desired), ALLOW, Notebook()).failed == ()
    entries = harness.server.ledger.entries()
    harness.server.ledger.clear()
    assert harness.seen() == seen_in(desired)
    calls = sum("/batch/" not in entry.path for entry in entries)
    return calls, sum(not entry.in_batch for entry in entries)


def test_the_first_run_takes_151_calls_in_5_requests(on_sandbox: OnSandbox) -> None:
    assert cost(on_sandbox, *YEAR) == (151, 5)


def test_nothing_to_do_takes_one_call(on_sandbox: OnSandbox) -> None:
    cost(on_sandbox, *YEAR)
    assert cost(on_sandbox, *YEAR) == (1, 1)


def test_a_renamed_conference_takes_a_call_for_each_event_of_it_and_one_to_read(on_sandbox: OnSandbox) -> None:
    cost(on_sandbox, *YEAR)
    assert cost(on_sandbox, conference(0, "Renamed"), *YEAR[1:]) == (3, 3)


def test_a_conference_at_another_time_is_read_again_for_google_may_drop_its_moved_session(
    on_sandbox: OnSandbox,
) -> None:
    cost(on_sandbox, *YEAR)
    assert cost(on_sandbox, conference(0, later=timedelta(minutes=30)), *YEAR[1:]) == (4, 4)


def test_without_a_session_out_of_its_rule_each_edit_takes_two_calls(on_sandbox: OnSandbox) -> None:
    held = cancelling(weekly("c", at(9, 2, 7), 40), 5)
    cost(on_sandbox, held, *BLOCKS)
    assert cost(on_sandbox, cancelling(weekly("c", at(9, 2, 7), 40, "Renamed"), 5), *BLOCKS) == (2, 2)
    assert cost(on_sandbox, cancelling(weekly("c", at(9, 2, 8), 40, "Renamed"), 5), *BLOCKS) == (2, 2)


def test_one_more_moved_session_takes_three(on_sandbox: OnSandbox) -> None:
    cost(on_sandbox, *YEAR)
    assert cost(on_sandbox, differing(conference(0), 20, later=DAY), *YEAR[1:]) == (3, 3)


def test_one_more_cancelled_session_takes_two_calls(on_sandbox: OnSandbox) -> None:
    cost(on_sandbox, *YEAR)
    assert cost(on_sandbox, cancelling(conference(0), 20), *YEAR[1:]) == (2, 2)
