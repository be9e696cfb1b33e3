"""How long `ircal --help` takes, beside a Python that does nothing: what everybody waits for at every command.

Told is processor time, of the quickest of several starts, since a machine that is busy makes the clock on the wall lie.
"""

from __future__ import annotations

import resource
import subprocess
import sys

TIMES = 15
GOAL = 8


def main() -> None:
    """Print both, and their ratio."""
    bare, told = (_quickest(arguments) for arguments in (["-c", "pass"], ["-m", "ircal", "--help"]))
    print(
        f"ircal --help: {told * 1e3:.0f} ms, python -c pass: {bare * 1e3:.0f} ms, {told / bare:.1f} times (goal {GOAL})"
    )


def _quickest(arguments: list[str]) -> float:
    """Seconds of the processor."""
    return min(_seconds(arguments) for _ in range(TIMES))


def _seconds(arguments: list[str]) -> float:
    before = _spent()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 ourselves
    return _spent() - before


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
