"""The calendars: those written one by one, and those made from a template, one for each resident, site ..."""

from __future__ import annotations

import re
from dataclasses import astuple
from functools import partial
from typing import TYPE_CHECKING

from ircal.config.document import CalendarTemplate
from ircal.config.placed import Entry
from ircal.config.sections import no_section, subject, value_of
from ircal.config.yaml_reader import twice
from ircal.errors import Problem
from ircal.model.place import PlacedDict
from ircal.model.program import Calendar
from ircal.wording import closest, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ircal.config.draft import Draft
    from ircal.model.place import Place
    from ircal.recall import Recall

_SLOT = re.compile(r"\{(\w*)\}")
_SLOTS = ("id", "kind", "name")
_SECTIONS = {"resident": "people", "site": "sites", "rotation": "rotations", "conference": "conferences"}


def calendars(
    written: Mapping[str, Calendar | CalendarTemplate], draft: Draft, recall: Recall
) -> tuple[dict[str, Calendar], list[Problem]]:
    """All calendars in order of id, those of templates expanded over what the draft holds.

    What was made of a template before the last edit, and is as it was, the `recall` has.
    """
    found: dict[str, tuple[Calendar, str]] = {}
    problems: list[Problem] = []
    for key, item in written.items():
        if isinstance(item, CalendarTemplate):
            made, wrong = _expand(key, item, draft, recall)
        else:
            made, wrong = [item], _misnamed(item, draft)
        problems += wrong
        for calendar in made:
            first, other = found.setdefault(calendar.id, (calendar, key))
            if first is not calendar:
                problems.append(_clash(calendar.id, other, key, draft))
    problems += _shared(found.values(), draft)
    return {name: calendar for name, (calendar, _) in sorted(found.items())}, problems


def _clash(name: str, first: str, second: str, draft: Draft) -> Problem:
    """The same id from two entries, or twice from one template."""
    places = sorted(draft.written.place("calendars", key) for key in (first, second))
    if first != second:
        return twice(name, *places)
    message = f"{subject('calendars', first)} makes several calendars with the id {quote(name)}"
    return Problem("written-twice", message, places[0], "let its `id` hold {id}")


def _shared(made: Iterable[tuple[Calendar, str]], draft: Draft) -> Iterator[Problem]:
    """Calendars that would be written into one Google calendar, where each would undo what the other wrote."""
    placed = [
        (draft.written.place("calendars", key, "google", calendar.of), calendar)
        for calendar, key in made
        if calendar.google
    ]
    first: dict[str, tuple[Place, Calendar]] = {}
    for place, calendar in sorted(placed, key=lambda item: (item[0], item[1].id)):
        at, other = first.setdefault(calendar.google.strip().casefold(), (place, calendar))
        if other is not calendar:
            told = f"the calendars {quote(other.id)} and {quote(calendar.id)} name one Google calendar"
            hint = f"the first is at {at}; give each a Google calendar of its own"
            yield Problem("google-twice", f"{told}: {calendar.google}", place, hint)


def _names(kind: str, draft: Draft) -> dict[str, str] | None:
    """The names of everything that a calendar of that kind can be of, by id; None when that cannot be known."""
    if kind == "class":
        known = draft.settled and draft.complete("people")
        return {str(year): f"Class of {year}" for year in sorted(set(draft.classes()))} if known else None
    residents = {person.id: person.name for person in draft.program.residents}
    names = {
        "resident": residents,
        "site": {site.id: site.name for site in draft.program.sites.values()},
        "rotation": {rotation.id: rotation.name for rotation in draft.program.rotations.values()},
        "conference": {conference.id: conference.name for conference in draft.program.conferences.values()},
    }
    return names[kind] if draft.complete(_SECTIONS[kind]) else None


def _misnamed(calendar: Calendar, draft: Draft) -> list[Problem]:
    """What a single calendar says it is of."""
    told, place = subject("calendars", calendar.id), draft.written.place("calendars", calendar.id, "of")
    if calendar.kind == "programme":
        message = f"{told} is of the whole programme, and cannot be of {quote(calendar.of)}"
        return [Problem("bad-value", message, place, "take `of` out")] if calendar.of else []
    if not calendar.of:
        return [Problem("missing-key", f"`of` of {told} is missing", place, f"say which {calendar.kind} it is of")]
    return list(_unknown([("of", calendar.of)], calendar.kind, calendar.id, draft))


def _unknown(names: list[tuple[str, str]], kind: str, key: str, draft: Draft) -> Iterator[Problem]:
    """Those of the names, each with the key it stands under, that are not of that kind."""
    section = _SECTIONS.get(kind, "people")
    if names and draft.written.absent(section):
        yield no_section(section)
    known = _names(kind, draft)
    for path, name in names:
        if known is not None and name not in known:
            message = f"{subject('calendars', key)} names a {kind} that does not exist: {quote(name)}"
            place = draft.written.place("calendars", key, *path.split(".", 1))
            yield Problem(
                f"unknown-{kind}", message, place, closest(name, known, draft.written.called.id_of(name, section))
            )


def _expand(key: str, template: CalendarTemplate, draft: Draft, recall: Recall) -> tuple[list[Calendar], list[Problem]]:
    only = [str(name) for name in template.only or ()]
    named = [("only", name) for name in only] + [(f"google.{name}", name) for name in template.google]
    problems = [*_unknown(named, template.each, key, draft), *_unknown_slots(key, template, draft)]
    if problems:
        return [], problems
    made: list[Calendar] = []
    for of, name in (_names(template.each, draft) or {}).items():
        if template.only is None or of in only:
            slots = {"id": of, "kind": template.each, "name": name}
            entry = draft.written.sections["calendars"][key]
            made_of = (template, entry.body, *astuple(entry.place), name)
            calendar, wrong = recall.kept(("calendar", key, of), made_of, partial(_one, key, template, slots, draft))
            if wrong:  # told with the names of today, which are no part of what is recalled
                calendar, wrong = _one(key, template, slots, draft)
            problems += wrong
            made += [calendar] if calendar else []
    if not (made or problems):
        problems += _makes_nothing(key, template, draft)
    return made, problems


def _makes_nothing(key: str, template: CalendarTemplate, draft: Draft) -> Iterator[Problem]:
    """A template of something of which there is none, unless that is only because of what else is wrong."""
    section = _SECTIONS.get(template.each, "people")
    if draft.written.absent(section) or (draft.settled and draft.complete(section)):
        message = f"{subject('calendars', key)} makes no calendar"
        hint = "name some in `only`" if template.only is not None else f"there is no {template.each} to make one for"
        yield Problem("template-empty", message, draft.written.place("calendars", key), hint)


def _unknown_slots(key: str, template: CalendarTemplate, draft: Draft) -> Iterator[Problem]:
    for path in ("id", "name", "description"):
        for slot in _SLOT.findall(getattr(template, path)):
            if slot not in _SLOTS:
                message = f"`{path}` of {subject('calendars', key)} has {{{slot}}}, which stands for nothing"
                place = draft.written.place("calendars", key, path)
                yield Problem("bad-value", message, place, "use {id}, {kind} or {name}")


def _in_google(template: CalendarTemplate, of: str) -> dict[str, object]:
    """Where one of a template's calendars is pushed to, and whom it is shared with there."""
    if of not in template.google:
        return {}
    return {"google": template.google[of], **template.model_dump(include={"share"}, exclude_defaults=True)}


def _one(
    key: str, template: CalendarTemplate, slots: Mapping[str, str], draft: Draft
) -> tuple[Calendar | None, list[Problem]]:
    """The calendar of one resident, site ..."""

    def filled(text: str) -> str:
        return _SLOT.sub(lambda match: slots[match[1]], text)

    body = {
        "id": filled(template.id),
        "name": filled(template.name),
        "kind": template.each,
        "of": slots["id"],
        "description": filled(template.description),
        **_in_google(template, slots["id"]),
        **template.model_dump(include={"contents", "public", "color", "detail", "drift", "reminders"}),
    }
    entry = draft.written.sections["calendars"][key]
    keys = entry.body.key_places if isinstance(entry.body, PlacedDict) else {}
    told = f"{subject('calendars', key)}, made for {template.each} {quote(slots['id'])},"
    value, problems = value_of(
        Entry(PlacedDict(body, template.place, keys), entry.place), Calendar, told, draft.written.called
    )
    return value, problems
