"""Texts that may say something of a patient: calendars are read on phones, in Google, by everybody who has the link.

Looked for is what has a form: numbers of a medical record, dates of birth, social security numbers, the abbreviation
for a patient. A name cannot be known. A false alarm teaches people to look away, so that telephone numbers, meeting
codes, dates, `pt 2` of a lecture and 12 pt type are let pass. What was found is never repeated: others read logs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, NamedTuple

from ircal.checks.finding import Finding
from ircal.model.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.checks.ground import Ground
    from ircal.model.place import Place

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_FORMS = {
    "a medical record number": re.compile(
        r"\b(?:MRN|medical record(?: number| no\.?)?|patient (?:id|no\.?|number)|accession(?: number| no\.?)?)"
        r"\W{0,3}[A-Z]{0,3}-?\d{4,}",
        re.IGNORECASE,
    ),
    "a date of birth": re.compile(
        r"\b(?:DOB|D\.O\.B\.?|date of birth)\W{0,3}\d"
        rf"|\bborn(?: on)?:? (?:\d{{1,4}}[-/.]\d{{1,2}}\b|\d{{1,2}}\.? {_MONTH}|{_MONTH}\w*\.? \d{{1,2}}\b)",
        re.IGNORECASE,
    ),
    "a social security number": re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"),
    "the abbreviation for a patient": re.compile(r"(?<![\w./-])(?<!\d )[Pp]ts?\b(?!\.?\s*\d)(?![/-])"),
}
_NUMBER = re.compile(r"(?<![\w./#+:=@-])\d{7,9}(?![\w@/-]|[.,]\d)")
"""A number that could be one of a medical record."""

_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_BEFORE = re.compile(
    r"\b(?:tel|phone|call|dial|fax|pager|page|beeper|ext|extension|id|code|passcode|pin|meeting|webinar|pmid|nct|grant|"
    r"protocol|irb|isbn|order|ticket|invoice|version)\b[\w .:#()+-]{0,12}$",
    re.IGNORECASE,
)
"""Words that say what the number after them is."""

_SKIPPED = frozenset({"id", "place", "link", "google", "rrule", "color", "timezone", "code", "geo"})


class _Text(NamedTuple):
    """A text of the programme, what it is called there, and where it stands."""

    text: str
    key: str
    place: Place


def patient_data(ground: Ground) -> Iterator[Finding]:
    """Texts of the programme that look as if they were about a patient."""
    for part in fields(ground.program):
        for text, key, place in _texts(getattr(ground.program, part.name), part.name, None):
            for kind in looks_like(text):
                what = f"`{key}` holds what looks like {kind}"
                hint = "nothing about patients belongs on a calendar; if it is something else, write it differently"
                yield Finding("patient-data", what, place, hint)


def looks_like(text: str) -> Iterator[str]:
    """What the text seems to hold of a patient."""
    named = [kind for kind, form in _FORMS.items() if form.search(text)]
    yield from named
    if not named and any(_is_bare(match, text) for match in _NUMBER.finditer(text)):
        yield "a medical record number"


def _is_bare(match: re.Match[str], text: str) -> bool:
    """Whether nothing says that the number is something else."""
    return not _DATE.fullmatch(match[0]) and not _BEFORE.search(text[: match.start()])


def _texts(value: object, key: str, place: Place | None) -> Iterator[_Text]:
    if isinstance(value, str):
        if place is not None:
            yield _Text(value, key, place)
    elif isinstance(value, Value):
        for name, below in value.__dict__.items():
            if name not in _SKIPPED:
                yield from _texts(below, name, value.place)
    elif isinstance(value, Mapping):
        for below in value.values():
            yield from _texts(below, key, place)
    elif isinstance(value, tuple):
        for below in value:
            yield from _texts(below, key, place)
