"""Printing: problems, advice, tables and progress, on a terminal and in a job alike.

What a command was asked for goes to standard output; everything said about it goes to standard error. Colour is for
terminals, unless NO_COLOR or FORCE_COLOR says otherwise; whoever reads a pipe gets every word whole.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from ircal.errors import IrcalError, ProgramError, ScheduleRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console
    from rich.table import Table

    from ircal.errors import Problem

_ANY_WIDTH = 10_000


def colour() -> bool | None:
    """Whether to colour at all; None: where there is a terminal. NO_COLOR wins over FORCE_COLOR, as in rich."""
    if os.environ.get("NO_COLOR"):
        return False
    if (forced := os.environ.get("FORCE_COLOR")) is not None:
        return forced != ""
    return False if os.environ.get("TERM") in {"dumb", "unknown"} else None


def _tell(text: str, *, err: bool = False) -> None:
    stream = sys.stderr if err else sys.stdout
    coloured = stream.isatty() if (asked := colour()) is None else asked
    stream.write(f"{text if coloured else click.unstyle(text)}\n")
    stream.flush()


def say(text: str = "") -> None:
    """One line of what was asked for."""
    _tell(text)


def note(text: str) -> None:
    """One line about what is going on."""
    _tell(text, err=True)


def json_line(value: object) -> None:
    """One JSON value on a line."""
    say(json_text(value))


def json_text(value: object, *, indent: int | None = None) -> str:
    """JSON as the encoding of standard output can say it: where that is not Unicode, by escapes."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(value, indent=indent, ensure_ascii=not unicode)


def error(problem: IrcalError) -> None:
    """An error with what to do about it; a programme's problems are listed one by one."""
    if isinstance(problem, ProgramError | ScheduleRefused):
        problems(problem.problems, err=True)
    note(click.style(problem.message, fg="red", bold=True))
    if problem.remedy:
        note(problem.remedy)


AT_ONCE = 50
"""How many problems are printed; nobody reads more before the first are mended."""


def problems(found: Sequence[Problem], *, err: bool = False) -> None:
    """Each problem on its own lines: place, sentence, hint. Of very many only the first, errors before warnings."""
    left_out = len(found) - AT_ONCE
    shown = sorted(found, key=lambda each: each.severity != "error") if left_out > 0 else found
    for problem in shown[:AT_ONCE]:
        severity = click.style(problem.severity, fg="red" if problem.severity == "error" else "yellow")
        place = click.style(str(problem.place), bold=True)
        _tell(f"{place}: {severity}: {problem.message} [{problem.code}]", err=err)
        if problem.hint:
            _tell(f"    {problem.hint}", err=err)
    if left_out > 0:
        _tell(f"... and {left_out} more; mend these first.", err=err)


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem as machines read it."""
    place, scope = problem.place, problem.scope
    told: dict[str, Any] = {
        "code": problem.code,
        "severity": problem.severity,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "message": problem.message,
        "hint": problem.hint,
    }
    if scope is not None:
        days = [[str(first), str(last)] for first, last in scope.days]
        told["scope"] = {"people": list(scope.people), "of": list(scope.of), "days": days}
    return told


def console() -> Console:
    """Rich's console on standard output, in colour where that is wanted."""
    from rich.console import Console

    return Console(highlight=False, force_terminal=colour(), soft_wrap=not sys.stdout.isatty())


def table(rows: Table) -> None:
    """A table, at least as wide as its columns that may not wrap; in a pipe, as wide as it wants to be."""
    screen = console()
    wanted = screen.measure(rows, options=screen.options.update(max_width=_ANY_WIDTH))
    least = wanted.minimum if sys.stdout.isatty() else wanted.maximum
    screen.width = max(screen.width, least)
    screen.print(rows)


@contextmanager
def working(on: str) -> Iterator[None]:
    """Shows on a terminal that something takes its time; in a job it says nothing."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(on):
        yield
