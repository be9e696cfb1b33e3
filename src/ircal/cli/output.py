"""Printing: problems, advice, tables and progress, on a terminal and in a job alike.

What a command was asked for goes to standard output; everything said about it goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from ircal.errors import IrcalError, ProgramError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from ircal.errors import Problem


def say(text: str = "") -> None:
    """One line of what was asked for."""
    click.echo(text)


def note(text: str) -> None:
    """One line about what is going on."""
    click.echo(text, err=True)


def json_line(value: object) -> None:
    """One JSON value on a line."""
    click.echo(json.dumps(value, ensure_ascii=False))


def error(problem: IrcalError) -> None:
    """An error with what to do about it; a programme's problems are listed one by one."""
    if isinstance(problem, ProgramError):
        problems(problem.problems, err=True)
    click.secho(problem.message, fg="red", bold=True, err=True)
    if problem.remedy:
        note(problem.remedy)


AT_ONCE = 50
"""How many problems are printed; nobody reads more before the first are mended."""


def problems(found: Sequence[Problem], *, err: bool = False) -> None:
    """Each problem on its own lines: place, sentence, hint. Of very many only the first, errors before warnings."""
    left_out = len(found) - AT_ONCE
    shown = sorted(found, key=lambda each: each.severity != "error") if left_out > 0 else found
    for problem in shown[:AT_ONCE]:
        colour = "red" if problem.severity == "error" else "yellow"
        place = click.style(str(problem.place), bold=True)
        severity = click.style(problem.severity, fg=colour)
        click.echo(f"{place}: {severity}: {problem.message} [{problem.code}]", err=err)
        if problem.hint:
            click.echo(f"    {problem.hint}", err=err)
    if left_out > 0:
        click.echo(f"... and {left_out} more; mend these first.", err=err)


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem as machines read it."""
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "message": problem.message,
        "hint": problem.hint,
    }


def console() -> Console:
    """Rich's console on standard output, for tables in colour."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def reader_is_gone() -> int:
    """Standard output was closed by its reader (`ircal ... | head`): say nothing more, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
