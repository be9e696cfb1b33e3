"""From the trees of all YAML files to the values of each section.

First the sections of all files are put together, by id, as they were written; then each entry is turned into its
value. An entry that is wrong costs only itself, so that the faults of all the others are told too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple
from functools import cache, partial
from typing import TYPE_CHECKING, Any, get_args
from unicodedata import category

from pydantic import TypeAdapter, ValidationError

from ircal.config.called import Called
from ircal.config.document import NOUNS, SECTIONS, WHOLE, CalendarTemplate, Document
from ircal.config.placed import REFUSED, Entry, Written
from ircal.config.problems import problems_of
from ircal.config.yaml_reader import twice
from ircal.errors import Problem
from ircal.model.conferences import PresenterSwap
from ircal.model.place import Place, PlacedDict
from ircal.model.program import Calendar
from ircal.model.rotations import Swap
from ircal.model.values import Value
from ircal.wording import closest, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ircal.recall import Recall

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Dates outside these calendar years are slips of the pen."""


def gather(trees: Iterable[PlacedDict]) -> tuple[Written, list[Problem]]:
    """The sections of all files in one; entries in order of their ids."""
    sections: dict[str, dict[str, Entry]] = {}
    problems: list[Problem] = []
    unreadable: set[str] = set()
    for tree in trees:
        for name, body in tree.items():
            section = Entry(body, tree.key_places[name])
            found, wrong = _entries(name, section)
            unreadable |= {name} if wrong or body is REFUSED else set()
            problems += wrong + _add(found, sections.setdefault(name, {}))
    ordered = {name: dict(sorted(entries.items())) for name, entries in sections.items()}
    return Written(ordered, frozenset(unreadable), Called(_named(ordered))), problems


def _named(sections: Mapping[str, Mapping[str, Entry]]) -> Iterator[tuple[str, str, str]]:
    """What people call the entries: section, name (or short name) and id."""
    for section, entries in sections.items():
        for own, entry in entries.items():
            for key in ("name", "short"):
                name = entry.body.get(key) if isinstance(entry.body, PlacedDict) else None
                if isinstance(name, str):
                    yield section, name, own


def no_section(name: str) -> Problem:
    """The one problem of all who use a section that nobody wrote; equal ones are told once."""
    hint = f"write it in one of the YAML files, or bring back the file that had it: {name}: ..."
    return Problem("no-section", f"there is no section `{name}`, whose ids are used", Place("."), hint)


def _entries(name: str, section: Entry) -> tuple[dict[str, Entry], list[Problem]]:
    """The bodies of one section in one file, by id."""
    body, place = section.body, section.place
    if name not in SECTIONS:
        return {}, [Problem("unknown-section", f"there is no section {quote(name)}", place, closest(name, SECTIONS))]
    if name == "program" or (name in WHOLE and body is not None and body is not REFUSED):
        return {name: section}, []
    if body is None or body is REFUSED:
        return {}, []
    if not isinstance(body, PlacedDict):
        message = f"the section `{name}` holds ids, each with a body of its own, not {quote(body)}"
        return {}, [Problem("wrong-type", message, place)]
    return {key: Entry(value, body.key_places[key]) for key, value in body.items()}, []


def _add(found: dict[str, Entry], entries: dict[str, Entry]) -> list[Problem]:
    """Add what was found to `entries`; the same id from another file is a problem."""
    doubled = [name for name in found if name in entries]
    entries.update({name: entry for name, entry in found.items() if name not in entries})
    return [twice(name, *sorted([entries[name].place, found[name].place])) for name in doubled]


def values(written: Written, section: str, recall: Recall) -> tuple[dict[str, Any], list[Problem]]:
    """The values of a section by id, leaving out the entries that are wrong.

    A value that is what it was, also in its place, is the one that the `recall` has.
    """
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, entry in written.sections.get(section, {}).items():
        of = (entry.body, *astuple(entry.place))
        value, wrong = recall.made((section, name), of, partial(_settled, entry, section, name))
        if wrong:  # told with the names of today, which are no part of what is recalled
            value, wrong = _value(entry, section, name, written.called)
        problems += wrong
        if value is not None:
            found[name] = value
    return found, problems


def _settled(entry: Entry, section: str, name: str, recall: Recall) -> tuple[Any, list[Problem]]:
    value, wrong = _value(entry, section, name, Called())
    return recall.settled("value", (value,), by=type)[0], wrong


def _value(entry: Entry, section: str, name: str, called: Called) -> tuple[Any, list[Problem]]:
    told, shape, body = subject(section, name), _shape(section, entry), entry.body
    if section in WHOLE or shape is CalendarTemplate or not isinstance(body, PlacedDict):
        return value_of(entry, shape, told, called)
    if "id" in body:
        place = body.key_places["id"]
        return None, [Problem("unknown-key", f"`id` of {told} is not a known key", place, "the key above is the id")]
    return value_of(Entry(body.with_item("id", name), entry.place), shape, told, called)


def subject(section: str, name: str) -> str:
    """What a person calls an entry: "person 'r-ash'"."""
    return NOUNS[section] if section in WHOLE else f"{NOUNS[section]} {quote(name)}"


def _shape(section: str, entry: Entry) -> Any:
    """The annotation of the bodies of a section."""
    if section in WHOLE:
        return WHOLE[section]
    if section == "calendars":
        # One for each of something, or just one.
        return CalendarTemplate if isinstance(entry.body, dict) and "each" in entry.body else Calendar
    if section == "swaps":
        return PresenterSwap if isinstance(entry.body, dict) and "conference" in entry.body else Swap
    return get_args(Document.model_fields[section].annotation)[1]


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def value_of(entry: Entry, shape: Any, told: str, called: Called) -> tuple[Any, list[Problem]]:
    """The value of what was written, or None and its problems. `told` is what a person calls it."""
    try:
        value = _adapter(shape).validate_python(entry.body, by_alias=True, by_name=False)
    except ValidationError as error:
        return None, list(problems_of(error, entry, told, shape, called))
    odd = list(_odd_values(value, entry, told))
    return (None if odd else value), odd


def _odd_values(value: object, entry: Entry, told: str) -> Iterator[Problem]:
    """Numbers that pydantic took for a date (seconds since 1970), years that nobody means, hidden signs."""
    if isinstance(value, Value):
        for name, field in type(value).model_fields.items():
            if name != "place":
                yield from _odd_values(getattr(value, name), entry.find([field.alias or name]), told)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _odd_values(item, entry.find([key]), told)
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _odd_values(item, entry.find([number]), told)
    elif isinstance(value, dt.date):
        yield from _odd_date(value, entry, told)
    elif isinstance(value, str) and (hidden := hidden_in(value)):
        message = f"{told} has the control character U+{ord(hidden):04X} in {quote(value)}"
        yield Problem("control-character", message, entry.place, "delete it, or write the text anew")


def hidden_in(text: str) -> str:
    """The first character of a text that no reader shows and some feed readers fall over; empty for none."""
    return next((sign for sign in text if sign not in "\t\n" and category(sign) in {"Cc", "Zl", "Zp"}), "")


def _odd_date(value: dt.date, entry: Entry, told: str) -> Iterator[Problem]:
    body = entry.body
    if isinstance(body, int | float) or (
        isinstance(body, str) and body.strip().lstrip("+-").replace(".", "").isdigit()
    ):
        message = f"{told} has {quote(body)} where a date belongs"
        yield Problem("wrong-type", message, entry.place, "write it as 2026-07-01")
    elif not FIRST_YEAR <= value.year <= LAST_YEAR:
        message = f"{told} has the year {value.year}"
        yield Problem("bad-value", message, entry.place, f"years go from {FIRST_YEAR} to {LAST_YEAR}")
