"""Stopping in good order: the first Ctrl-C or SIGTERM asks, the second ends at once."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

import click

from ircal.cli import output
from ircal.errors import Stopped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_ASKS = (signal.SIGINT, signal.SIGTERM)


class Stop(Event):
    """Set by the first signal; `exit_code` is what a shell gives for it, or 0."""

    exit_code = 0


@contextmanager
def stop_asked() -> Iterator[Stop]:
    """What is set when somebody asks us to stop; call it in the main thread.

    A Stopped that nothing else makes of is told, and ends the command with the exit code of the signal.
    """
    stop = Stop()

    def ask(number: int, _frame: FrameType | None) -> None:
        stop.exit_code = 128 + number
        stop.set()
        for each in _ASKS:
            signal.signal(each, former[each])

    former = {each: signal.getsignal(each) for each in _ASKS}
    for each in _ASKS:
        signal.signal(each, ask)
    try:
        yield stop
    except Stopped as error:
        output.error(error)
        raise click.exceptions.Exit(stop.exit_code) from None
    finally:
        for each in _ASKS:
            signal.signal(each, former[each])
