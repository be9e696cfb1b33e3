"""What people do must fit who they are: who has assignments, who is a mistyped speaker, who works at night."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ircal.config.crosscheck.audiences import kinds_of_leave
from ircal.config.sections import subject
from ircal.errors import Problem
from ircal.model.people import ANY
from ircal.rules.audience import NIGHTS
from ircal.wording import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.config.draft import Draft
    from ircal.model.place import Place

_ROTATE = ("resident", "fellow")
_ID = re.compile(r"[a-z][a-z0-9_-]{2,}")
_ALIKE = 0.75
_NEARLY = 0.8


def check(draft: Draft) -> Iterator[Problem]:
    """Assignments of those who do not rotate, speakers that are nearly somebody's id, and nearly nights."""
    yield from _assignments(draft)
    yield from _nearly_nights(draft)
    yield from _nearly_leave(draft)
    if draft.complete("people"):
        yield from _speakers(draft)


def _assignments(draft: Draft) -> Iterator[Problem]:
    """Told once for each file and person: a whole row of the block schedule is one mistake."""
    told: set[tuple[str, str]] = set()
    for item in sorted(draft.program.assignments, key=lambda each: each.place):
        person = draft.program.people.get(item.person)
        if person and person.role not in _ROTATE and (item.place.file, person.id) not in told:
            told.add((item.place.file, person.id))
            message = f"{quote(person.id)} is {person.role}, and only residents and fellows have assignments"
            hint = f"take the row out, or correct the role at {person.place}"
            place = replace(item.place, column="resident" if item.origin == "block" else "person")
            yield Problem("assignment-of-role", message, place, hint)


def _speakers(draft: Draft) -> Iterator[Problem]:
    """Only a word that looks like an id can be a mistyped one: the name of a guest has capitals, or is two words."""
    people = draft.written.ids("people")
    for text, place in _spoken(draft):
        if _ID.fullmatch(text) and text not in people:
            for meant in difflib.get_close_matches(text, people, n=1, cutoff=_ALIKE):
                message = f"the speaker {quote(text)} is no person's id, and would show as it is written"
                hint = f"did you mean '{meant}'? a guest is written by full name"
                yield Problem("unknown-speaker", message, place, hint)


def _nearly_nights(draft: Draft) -> Iterator[Problem]:
    """The tag that excuses from conferences; one letter off, it would excuse nobody."""
    for rotation in draft.program.rotations.values():
        for number, tag in enumerate(rotation.tags):
            if NIGHTS not in rotation.tags and difflib.SequenceMatcher(None, tag, NIGHTS).ratio() > _NEARLY:
                message = f"the tag {quote(tag)} of rotation {quote(rotation.id)} excuses nobody from conferences"
                place = draft.written.place("rotations", rotation.id, "tags", number)
                yield Problem("unknown-tag", message, place, f"did you mean '{NIGHTS}'?")


def _nearly_leave(draft: Draft) -> Iterator[Problem]:
    """Kinds of leave that an audience names: any word is one, but one letter off from those of leave/ is a slip."""
    known = sorted({leave.kind for leave in draft.program.leave} | {ANY})
    for conference in draft.program.conferences.values():
        for key in ("audience", "optional"):
            audience = getattr(conference, key)
            for kind in kinds_of_leave(audience) if audience else ():
                for meant in difflib.get_close_matches(kind, known, n=1, cutoff=_ALIKE) if kind not in known else ():
                    message = (
                        f"{subject('conferences', conference.id)} names a kind of leave that nobody has: {quote(kind)}"
                    )
                    place = draft.written.place("conferences", conference.id, key)
                    yield Problem("unknown-leave", message, place, f"did you mean '{meant}'?")


def _spoken(draft: Draft) -> Iterator[tuple[str, Place]]:
    """Every speaker with the place where it is written."""
    program = draft.program
    for topics in program.topics.values():
        yield from ((topic.speaker, replace(topic.place, column="speaker")) for topic in topics)
    for sessions in program.sessions.values():
        yield from ((session.speaker, replace(session.place, column="speaker")) for session in sessions)
    for override in program.overrides:
        for key in ("replace", "change", "add"):
            if change := getattr(override, key):
                yield change.speaker or "", draft.written.place("overrides", override.id, key, "speaker")
