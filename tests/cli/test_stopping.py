"""The first signal asks a command to end, the second ends it."""

from __future__ import annotations

import os
import signal

import pytest

from ircal.cli.stopping import stop_asked


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
