"""The first signal asks a command to end, the second ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from ircal.cli.stopping import stop_asked
from ircal.errors import Stopped

if TYPE_CHECKING:
    from ircal.google.sandbox import SandboxServer
    from tests.cli.conftest import Ircal


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_asks(number: signal.Signals, code: int) -> None:
    with stop_asked() as stop:
        assert (stop.is_set(), stop.exit_code) == (False, 0)
        os.kill(os.getpid(), number)
        assert stop.wait(5)
        assert stop.exit_code == code


def test_a_second_one_ends_at_once() -> None:
    def press_twice() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(5)
        os.kill(os.getpid(), signal.SIGINT)
        pytest.fail("still here")

    with stop_asked() as stop, pytest.raises(KeyboardInterrupt):
        press_twice()


def test_what_was_there_before_is_there_afterwards() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with stop_asked():
        pass
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_sync_that_waits_for_its_turn_ends_at_once_and_the_next_one_goes_on(
    ircal: Ircal, sandbox: SandboxServer
) -> None:
    two_a_minute = {**os.environ, "IRCAL_GOOGLE__REQUESTS_PER_MINUTE": "2"}
    waiting = subprocess.Popen([sys.executable, "-m", "ircal", "sync"], env=two_a_minute, stderr=subprocess.PIPE)
    while not any(entry.path.endswith("/events") for entry in sandbox.ledger.entries()):
        assert waiting.poll() is None
    waiting.send_signal(signal.SIGTERM)
    _, told = waiting.communicate(timeout=20)  # the next call would have to wait for a minute
    assert (waiting.returncode, b"told to stop" in told) == (143, True)
    assert ircal("sync").code == 0
    assert ircal("plan").code == 0


def test_one_that_is_stopped_before_it_knows_what_to_do_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    def stopped() -> None:
        with stop_asked() as stop:
            os.kill(os.getpid(), signal.SIGTERM)
            assert stop.wait(5)
            raise Stopped("The run was told to stop.")

    with pytest.raises(click.exceptions.Exit) as ended:
        stopped()
    assert (ended.value.exit_code, "told to stop" in capsys.readouterr().err) == (143, True)
