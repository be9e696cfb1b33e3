"""kill -9 of a real process, at any of its calls: the next run ends well and makes nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ircal.google.sandbox.calls import Answer, Call, Cut, Handler
from ircal.plan import Guard
from ircal.sync import sync
from tests.google.killed import AFTER, BEFORE, run
from tests.sync.harness import Notebook, seen_in, target

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.sandbox.gateway import Wrap
    from tests.sync.harness import OnSandbox


@pytest.mark.parametrize(("at", "carried_out"), [(1, False), (3, True), (6, False), (8, True), (11, True)])
def test_a_process_that_is_killed_at_a_call_is_survived(
    faulty: Callable[[Wrap], OnSandbox], tmp_path: Path, at: int, *, carried_out: bool
) -> None:
    process: list[subprocess.Popen[bytes]] = []
    calls: list[Call] = []

    def killing(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if process:
                calls.append(call)
            if len(calls) != at:
                return handler(call)
            if carried_out:
                handler(call)
            os.kill(process[0].pid, signal.SIGKILL)
            raise Cut

        return answer

    harness = faulty(killing)
    store = f"sqlite:///{tmp_path / 'ircal.db'}"
    sync(target(harness, *BEFORE), Guard(allow=True), Notebook())
    command = [sys.executable, "-m", "tests.google.killed", harness.server.url, harness.calendar_id, store]
    process.append(subprocess.Popen(command, cwd=Path(__file__).parents[2]))
    assert process[0].wait(timeout=60) == -signal.SIGKILL
    process.clear()
    calls.clear()
    assert run(harness.server.url, harness.calendar_id, store).failed == ()
    assert harness.seen() == seen_in(AFTER)
    assert run(harness.server.url, harness.calendar_id, store).plan.changes == ()
