"""Where settings come from, the environment and the file `.env`; and what may be wrong there, in words for people.

Nothing here knows a setting by name. No sentence shows a value that may be a secret, nor a line of `.env`.
"""

from __future__ import annotations

import contextlib
import difflib
import logging
import os
import re
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from dotenv import dotenv_values
from dotenv.parser import parse_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

logging.getLogger("dotenv.main").disabled = True  # `garbled_lines` says the same, with file and line

_KINDS: Mapping[object, str] = {int: "a whole number", float: "a number", bool: "true or false"}
_NAME = re.compile(r"\s*(?:export\s+)?(\w+)")


def garbled_lines(file: Path) -> list[tuple[str, str]]:
    """The lines of the file that are no `NAME=value`: where (`.env:3`), and the name that they begin with, or nothing.

    Raises OSError and UnicodeDecodeError.
    """
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as stream:
        found = list(parse_stream(stream))
    bad = [each.original for each in found if each.error or (each.key is not None and each.value is None)]
    return [(f"{file}:{_first_line(each.string, each.line)}", _begins_with(each.string)) for each in bad]


def _first_line(text: str, number: int) -> int:
    """Where the line really is: the parser counts the empty lines before it to it."""
    return number + text[: len(text) - len(text.lstrip())].count("\n")


def _begins_with(text: str) -> str:
    name = _NAME.match(text)
    return name[1].upper() if name else ""


def names_in_use(file: Path) -> Iterator[str]:
    """The names of all variables, those of the environment and those of the file."""
    yield from os.environ
    with contextlib.suppress(OSError, UnicodeDecodeError):  # whoever reads the values says what is wrong with it
        yield from dotenv_values(file, encoding="utf-8", interpolate=False)


def unknown(names: Iterable[str], known: list[str], prefix: str) -> list[str]:
    """One sentence for each name that has the prefix and is not known, with the one that was perhaps meant."""
    strange = {name.upper() for name in names if name.upper().startswith(prefix)} - set(known)
    return [f"{name} is not a setting{_meant(name, known)}" for name in sorted(strange)]


def _meant(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else "."


def explained(name: str, field: FieldInfo, fault: ErrorDetails) -> str:
    """`IRCAL_HTTP__PORT is 'x': it must be ... (for example IRCAL_HTTP__PORT=8080)`."""
    ours = fault["type"] == "value_error"
    reason = fault["msg"].removeprefix("Value error, ") if ours else f"it must be {_right(field)}"
    return f"{name}{_shown(field, fault['input'])}: {reason} (for example {name}={(field.examples or [''])[0]})"


def _right(field: FieldInfo) -> str:
    """What a value may be: `a whole number from 1 to 10`, `one of auto, always, never`."""
    if get_origin(field.annotation) is Literal:
        return f"one of {', '.join(get_args(field.annotation))}"
    least, most = (_bound(field, name) for name in ("ge", "le"))
    between = f" from {least} to {most}" if least is not None and most is not None else ""
    kinds = [_KINDS[each] for each in (field.annotation, *get_args(field.annotation)) if each in _KINDS]
    return next(iter(kinds), "a text that is not empty") + between


def _bound(field: FieldInfo, name: str) -> Any:
    return next((getattr(each, name) for each in field.metadata if hasattr(each, name)), None)


def _shown(field: FieldInfo, value: object) -> str:
    """The faulty value, unless it is a secret or may hold one (`user:password@host`)."""
    secret = "SecretStr" in repr(field.annotation) or "@" in str(value)
    return "" if secret else f" is '{value}'"
