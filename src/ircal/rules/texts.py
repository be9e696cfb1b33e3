"""What a calendar entry says: title, place and description, made from the resolved facts.

Titles and descriptions come of the templates in the section `texts`, each filled with what is known of the entry. One
that comes to nothing leaves the plain name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ircal.model.recurrence import Recurrence
from ircal.model.templates import fill
from ircal.rules.rule_words import rule_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ircal.model.conferences import Conference, Deadline, PresenterSwap
    from ircal.model.milestones import Milestone
    from ircal.model.overrides import Override
    from ircal.model.program import Program
    from ircal.model.rotations import Duty, Rotation, Swap
    from ircal.model.schedule import Details
    from ircal.model.texts import EntryTexts
    from ircal.model.when import When
    from ircal.rules.slot import Slot


class Says(NamedTuple):
    """What an entry says, and what of that may be said to anybody."""

    details: Details
    bare: Details


_LEAP_YEAR = 2000
"""Any year that has every day."""


def person_name(text: str, program: Program) -> str:
    """The name of a person by id; any other text as it is (a guest speaker)."""
    person = program.people.get(text)
    return person.name if person else text


def site_name(site: str, program: Program) -> str:
    """The name of a site by id; nothing where there is none."""
    known = program.sites.get(site)
    return known.name if known else ""


def place_text(site: str, room: str, program: Program) -> str:
    """`Room 3, West Campus, 1 Example Street`: what a map can find and a person can follow."""
    known = program.sites.get(site)
    parts = (room, known.name if known else "", known.address if known else "")
    return ", ".join(part for part in parts if part)


def session_texts(slot: Slot, conference: Conference, program: Program) -> tuple[str, str]:
    """`Morning didactics: Liver lesions (Robin Ash)`, and a line for each thing that is known beyond that."""
    presenter, speaker = person_name(slot.presenter, program), person_name(slot.speaker, program)
    slots = {
        "name": slot.name,
        "conference": conference.name,
        "topic": slot.topic,
        "speaker": speaker,
        "presenter": presenter,
        "who": f"{presenter} presenting" if presenter else speaker,
        "site": site_name(slot.site, program),
        "room": slot.room,
        "link": slot.link,
        "protected": "Protected time: clinical duties are covered." if conference.protected else "",
        "description": slot.description,
    }
    templates = program.texts.conferences
    return fill(conference.title or templates.title, slots) or slot.name, fill(templates.description, slots)


def rotation_texts(rotation: Rotation, program: Program) -> tuple[str, str]:
    """The rotation's name; its hours, place and duties, a line each."""
    duties = (
        f"{duty.at} {duty.name}, {_days(duty.when, program)}{_where(duty.site, program)}"
        for duty in rotation.duties.values()
    )
    slots = {
        "name": rotation.name,
        "short": rotation.short,
        "hours": rotation.hours,
        "site": site_name(rotation.site, program),
        "place": place_text(rotation.site, "", program),
        "duties": lines(duties),
        "description": rotation.description,
    }
    templates = program.texts.rotations
    return fill(templates.title, slots) or rotation.name, fill(templates.description, slots)


def duty_texts(duty: Duty, rotation: Rotation, site: str, program: Program) -> tuple[str, str]:
    """The duty's name; what it says of itself, or else which rotation it is part of."""
    slots = {
        "name": duty.name,
        "rotation": rotation.name,
        "hours": str(duty.at),
        "site": site_name(site, program),
        "room": duty.room,
        "description": duty.description or f"Part of {rotation.name}.",
    }
    templates = program.texts.duties
    return fill(templates.title, slots) or duty.name, fill(templates.description, slots)


def leave_texts(kind: str, note: str, texts: EntryTexts) -> tuple[str, str]:
    """`Leave: vacation`, and the note; without both for others, whom they do not concern."""
    slots = {"kind": kind, "note": note}
    return fill(texts.leave.title, slots) or "Leave", fill(texts.leave.description, slots)


def deadline_texts(deadline: Deadline, slot: Slot, conference: Conference, program: Program) -> tuple[str, str]:
    """`Slides due: Quality conference on Wed 16 Sep`, and when that takes place."""
    slots = {
        "name": deadline.name,
        "conference": conference.name,
        "topic": slot.topic,
        "date": f"{slot.day:%a %-d %b}",
        "day": f"{slot.day:%A %-d %B %Y}",
        "days": str(deadline.days_before),
    }
    templates = program.texts.deadlines
    return fill(templates.title, slots) or deadline.name, fill(templates.description, slots)


def milestone_texts(milestone: Milestone, day: date, program: Program) -> tuple[str, str]:
    """The milestone's name; when it opens and closes, and what it says of itself."""
    slots = {
        "name": milestone.name,
        "opens": _short(milestone.opens.in_year(_LEAP_YEAR)) if milestone.opens else "",
        "closes": _short(day) if milestone.opens else "",
        "description": milestone.description,
    }
    templates = program.texts.milestones
    return fill(templates.title, slots) or milestone.name, fill(templates.description, slots)


def _short(day: date) -> str:
    """`1 Sep`."""
    return f"{day:%-d %b}"


def told(deed: str, source: Override | Swap | PresenterSwap) -> str:
    """What was done, by whom, when and why: `moved to 2027-04-28 by Chief resident on 2027-03-30: vacation week`."""
    by = f" by {source.by}" if source.by else ""
    asked = f" on {source.asked}" if source.asked else ""
    reason = f": {source.reason}" if source.reason else ""
    return f"{deed}{by}{asked}{reason}"


def day_text(day: date) -> str:
    """`Wed 16 Sep 2026`."""
    return f"{day:%a %-d %b %Y}"


def _days(when: When, program: Program) -> str:
    """`Mo Tu`; in words what is counted otherwise."""
    if not isinstance(when, Recurrence):
        return rule_in_words(when, program)
    days = when.rrule.partition("BYDAY=")[2].partition(";")[0]
    return " ".join(day.title() for day in days.split(","))


def _where(site: str | None, program: Program) -> str:
    return f" at {program.sites[site].name}" if site else ""


def bare(details: Details, name: str, site: str, program: Program) -> Details:
    """What may be said to anybody: the name of the rule instead of who and what about; of the place only the site."""
    return replace(details, summary=name, description="", location=place_text(site, "", program), link="")


def lines(texts: Iterable[str]) -> str:
    """The texts that are not empty, each on a line of its own."""
    return "\n".join(text for text in texts if text)
