"""Told to stop, a run finishes what it has begun and begins nothing more; the next run does the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ircal.errors import Stopped
from ircal.google.remote import GoogleRemote
from ircal.google.sandbox.calls import Answer
from ircal.plan import Create, Delete
from tests.plan.making import differing, single, weekly
from tests.sync.harness import seen_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.sandbox.calls import Call, Handler
    from ircal.google.sandbox.gateway import Wrap
    from ircal.sync import Outcome
    from tests.sync.harness import OnSandbox

INSERT, PATCH, DELETE = "POST events", "PATCH event", "DELETE event"


def stopping_after(harness: OnSandbox, calls: int, batch_size: int = 2) -> GoogleRemote:
    """A Remote that is told to stop once so many calls have arrived."""
    harness.server.ledger.clear()
    return GoogleRemote(
        harness.service,
        harness.calendar_id,
        harness.mark,
        sleep=harness.naps.append,
        batch_size=batch_size,
        stopping=lambda: len(harness.server.ledger.entries()) >= calls,
    )


def test_exceptions_of_what_is_written_are_still_put_in_place(on_sandbox: OnSandbox) -> None:
    desired = [differing(weekly(f"u{n}"), 2, summary="Guest") for n in range(6)]
    done: list[Outcome] = []
    with pytest.raises(Stopped):
        done.extend(stopping_after(on_sandbox, 1).apply([Create(series) for series in desired]))
    assert on_sandbox.calls() == [INSERT, INSERT, PATCH, PATCH]
    assert on_sandbox.seen() == seen_in(desired[:2])


def test_deletes_that_were_not_begun_are_left(on_sandbox: OnSandbox) -> None:
    list(on_sandbox.remote.apply([Create(single(f"u{n}")) for n in range(6)]))
    known = on_sandbox.remote.owned()
    with pytest.raises(Stopped):
        list(stopping_after(on_sandbox, 1).apply([Delete(each) for each in known]))
    assert on_sandbox.calls() == [DELETE, DELETE]


def test_nothing_is_waited_for(faulty: Callable[[Wrap], OnSandbox]) -> None:
    def busy(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            return Answer(503, {}) if call.method == "POST" else handler(call)

        return answer

    harness = faulty(busy)
    with pytest.raises(Exception, match="fault of its own"):
        list(stopping_after(harness, 1).apply([Create(single("a"))]))
    assert (harness.naps, harness.calls()) == ([], [INSERT])
