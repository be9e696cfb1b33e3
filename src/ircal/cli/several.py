"""One programme or several: which one a command is about, and a command that is about all of them.

A folder of programme folders (`ircal.config.programmes_in`) has each command ask for one by `--programme`, or, where it
can be, do all of them one after another. What goes wrong with one is told, and harms no other.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from ircal.cli import SOME_FAILED, exit_code, output
from ircal.cli.parameters import Text
from ircal.config import programmes_in
from ircal.errors import IrcalError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ircal.settings import Settings

_ASKED = "ircal.programme"
_SHOWN = 8
"""How many programmes an error names."""
_NEEDS_A_PERSON = (1, 3)


def programme_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--programme NAME`, which `settings_of` takes in by itself."""

    def remember(ctx: click.Context, _: click.Parameter, name: str | None) -> None:
        if name is not None:
            ctx.meta[_ASKED] = name

    said = "Which programme, where the folder holds several (IRCAL_PROGRAMME)."
    option = click.option("--programme", type=Text(), metavar="NAME", help=said, expose_value=False, callback=remember)
    return option(command)


def asked_for() -> str | None:
    """What was said of `--programme`."""
    name: str | None = click.get_current_context().meta.get(_ASKED)
    return name


def chosen(settings: Settings) -> Settings:
    """The settings of the one programme that is meant. Raises UsageError where it is not said which."""
    every = each_programme(settings)
    if len(every) > 1:
        raise click.UsageError(f"{_listed(settings, list(every))} Name one with --programme.")
    return next(iter(every.values()))


def each_programme(settings: Settings) -> Mapping[str, Settings]:
    """The settings of every programme that is meant, by name; the name is empty where the folder is one itself.

    Raises SettingsError for one that is not there, or a name where there is no choice.
    """
    found = programmes_in(settings.config)
    output.problems(found.problems, err=True)
    asked = settings.programme
    if not found.folders:
        if asked:
            message = f"{settings.config} is one programme, and not a folder of several, such as '{asked}'."
            raise SettingsError(message, "Leave --programme (IRCAL_PROGRAMME) out.")
        return {"": settings}
    if asked and asked not in found.folders:
        close = get_close_matches(asked, found.folders, n=3)
        meant = f"Did you mean {' or '.join(close)}?" if close else _listed(settings, list(found.folders))
        raise SettingsError(f"There is no programme '{asked}' in {settings.config}.", meant)
    return {
        name: settings.model_copy(update={"config": folder, "programme": name})
        for name, folder in found.folders.items()
        if asked in {None, name}
    }


def _listed(settings: Settings, names: Sequence[str]) -> str:
    more = ", ..." if len(names) > _SHOWN else ""
    return f"There are {len(names)} programmes in {settings.config}: {', '.join(names[:_SHOWN])}{more}."


def over_all(
    every: Mapping[str, Settings], do: Callable[[Settings], int | None], say: Callable[[str], None] = output.say
) -> int:
    """Do something with every programme, by name; returns the exit code.

    Where there are several each has its name said, and an error of one is told there.
    """
    if len(every) == 1:
        return do(next(iter(every.values()))) or 0
    codes = []
    for name, own in every.items():
        say(click.style(f"== {name}", bold=True))
        try:
            codes.append(do(own) or 0)
        except IrcalError as error:
            output.error(error)
            codes.append(exit_code(error))
    return code_of(codes)


def code_of(codes: Sequence[int]) -> int:
    """The exit code for several: what needs a person first, then what is worth another run."""
    wrong = [code for code in codes if code]
    if not wrong or len(set(codes)) == 1:
        return wrong[0] if wrong else 0
    person = next((code for code in _NEEDS_A_PERSON if code in wrong), None)
    return person or max(SOME_FAILED, *wrong)
