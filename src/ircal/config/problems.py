"""From pydantic's errors to problems: what is wrong said as a sentence, and the line where it is written.

No name of a type or of pydantic reaches a person. Each kind of error has a code of ours, which is stable.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ircal.config.placed import REFUSED
from ircal.config.shapes import known_keys
from ircal.errors import Problem
from ircal.wording import by_id, closest, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from ircal.config.called import Called
    from ircal.config.placed import Entry


class _Told(NamedTuple):
    """A fault in words: code, what is said of the subject (with the space or colon before it), what would be right."""

    code: str
    predicate: str
    hint: str = ""


def problems_of(error: ValidationError, entry: Entry, subject: str, shape: Any, called: Called) -> Iterator[Problem]:
    """The problems of one entry. `subject` is what a person calls it ("person 'r-ash'"), `shape` its annotation."""
    for detail in error.errors(include_url=False):
        if detail["input"] is not REFUSED and not _seems_too_short(detail):
            yield _problem(detail, entry, subject, shape, called)


def _problem(detail: ErrorDetails, entry: Entry, subject: str, shape: Any, called: Called) -> Problem:
    path = [step for step in detail["loc"] if step != "[key]"]
    kind = detail["type"]
    if kind == "value_error" and detail["msg"].endswith("not permitted: place"):
        # Every value has a place of its own, so the model has to refuse the key by hand.
        path, kind = [*path, "place"], "extra_forbidden"
    told = _not_an_id(detail, called) if kind == "string_pattern_mismatch" else _told(kind, detail, path, shape)
    shown = _shown(path, entry, missing=kind == "missing")
    of = f"`{shown}` of {subject}" if shown else subject
    return Problem(told.code, f"{of}{told.predicate}", entry.find(path).place, told.hint)


def _shown(path: list[int | str], entry: Entry, *, missing: bool) -> str:
    """The path as it was written, without the branches of unions, which nobody writes: `audience.pgy`, `weeks[2]`."""
    text = ""
    for number, step in enumerate(path):
        absent = missing and number == len(path) - 1 and isinstance(step, str)
        if absent or entry.holds(step):
            text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
            entry = entry.find([step])
    return text.removeprefix(".")


def _seems_too_short(detail: ErrorDetails) -> bool:
    """A list is counted by its items that are right; the others have their own problems."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _told(kind: str, detail: ErrorDetails, path: list[int | str], shape: Any) -> _Told:
    context = detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _Told("unknown-key", " is not a known key", _key_hint(path, shape))
    if kind == "missing":
        return _missing(path)
    if kind == "value_error":
        return _Told("bad-value", f": {context['error']}")
    if kind in _SHAPES_WANTED:
        if detail["input"] is None:
            return _Told("missing-key", " has nothing after its colon", "write it, or take the key out")
        predicate, hint = _SHAPES_WANTED_BY_NAME.get(context.get("class_name", ""), _SHAPES_WANTED[kind])
        return _Told("wrong-type", f" {predicate}, not {quote(detail['input'])}", hint)
    return _limited(detail, kind, context)


def _missing(path: list[int | str]) -> _Told:
    if path and isinstance(path[-1], int):
        return _Told("missing-key", f" needs at least {path[-1] + 1} entries")
    return _Told("missing-key", " is missing")


def _key_hint(path: list[int | str], shape: Any) -> str:
    known = known_keys(shape, path[:-1])
    meant = _OTHER_WORDS.get(str(path[-1]))
    if meant in known:
        return f"did you mean '{meant}'?"
    return closest(path[-1], known) if known else "take it out"


def _limited(detail: ErrorDetails, kind: str, context: dict[str, Any]) -> _Told:
    """Faults of a value that is of the right kind, but not one that is allowed."""
    written = quote(detail["input"])
    if kind in {"literal_error", "union_tag_invalid"}:
        return _not_a_choice(context.get("tag", detail["input"]), context.get("expected") or context["expected_tags"])
    if kind == "union_tag_not_found":
        return _Told("missing-key", " does not say its `kind`", "one of fixed_weeks, months, explicit")
    return _Told("bad-value", _LIMITS.get(kind, " cannot be {written}").format(written=written, **context))


_LIMITS = {
    "string_too_short": " is empty",
    "string_too_long": " is longer than {max_length} characters",
    "greater_than_equal": " is {written}, and must be at least {ge}",
    "less_than_equal": " is {written}, and must be at most {le}",
    "too_short": " needs at least {min_length} in its list",
    "too_long": " takes at most {max_length} in its list",
}


def _not_a_choice(given: object, expected: str) -> _Told:
    """`expected` is pydantic's list of the choices, each in single quotes."""
    choices = re.findall(r"'([^']*)'", expected)
    return _Told(
        "not-a-choice", f" is {quote(given)}, which is not one of {', '.join(choices)}", closest(given, choices)
    )


def _not_an_id(detail: ErrorDetails, called: Called) -> _Told:
    """Often the name of something that has an id."""
    text = str(detail["input"])
    key = next((step for step in reversed(detail["loc"]) if isinstance(step, str)), "")
    own = called.id_of(text, _IDS_OF.get(key, ""))
    return _Told("bad-id", f" does not have the form of an id: {quote(text)}", by_id(own) if own else _id_hint(text))


def _id_hint(text: str) -> str:
    rules = "an id has lower case letters, digits, - and _"
    suggestion = re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-_")[:60]
    return f"{rules}, such as '{suggestion}'" if suggestion else rules


_IDS_OF = {
    **dict.fromkeys(("person", "people", "presenter", "excuse", "require"), "people"),
    **dict.fromkeys(("rotation", "weeks"), "rotations"),
    **dict.fromkeys(("site", "sites"), "sites"),
    "conference": "conferences",
}
"""The keys that hold ids of a section whose entries have names."""

_OTHER_WORDS = {"start": "from", "begin": "from", "first": "from", "end": "to", "last": "to"}
"""Words that people write where the programme has another, which spelling does not suggest."""

_DATE = ("must be a date", "write it as 2026-07-01")
_MOMENT = ("must be a date and time", "write it as 2027-01-26T06:00")
_TIME = ("must be a time of day", "write it as 07:30")
_TEXT = ("must be text", "put it in quotes")
_WHOLE = ("must be a whole number", "")
_NUMBER = ("must be a number", "")
_SWITCH = ("must be true or false", "")
_LIST = ("must be a list", "write it as [one, two]")
_MAPPING = ("must be a mapping", "put its keys on lines of their own, indented")

_SHAPES_WANTED = {
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _SWITCH),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DATE),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"), _MOMENT
    ),
    "timezone_aware": ("must say its offset from UTC", "write it as 2026-07-01T08:00:00-04:00"),
    **dict.fromkeys(("time_type", "time_parsing"), _TIME),
    **dict.fromkeys(("tuple_type", "list_type"), _LIST),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type", "mapping_type"), _MAPPING),
}
"""What is wanted, by pydantic's name for its absence (https://docs.pydantic.dev/latest/errors/validation_errors/)."""

_SHAPES_WANTED_BY_NAME = {
    "MonthDay": ("must be a day of the year", "write month and day, such as 07-01"),
    "ClockRange": ("must be a time range", "write start and end, such as 07:30-09:00"),
    "Recurrence": ("must be a rule", "write days and times, such as 'Mo-Fr 07:00-07:30'"),
    "Audience": ("must say who", "such as {pgy: 2..4}, everyone, or for several {any: [...]}"),
    "ClassDay": (
        "must be a date or a day at a level",
        "such as 2026-07-01, {pgy: 4, on: 07-01} or '3 months after entry'",
    ),
}
