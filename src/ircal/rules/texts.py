"""What a calendar entry says: title, place and description, made from the resolved facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ircal.model.conferences import Conference
    from ircal.model.overrides import Override
    from ircal.model.program import Program
    from ircal.model.rotations import Rotation, Swap
    from ircal.rules.slots import Slot


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


def session_title(slot: Slot, program: Program) -> str:
    """`Morning didactics: Liver lesions (Robin Ash)`; a presenter is named as presenting."""
    topic = f": {slot.topic}" if slot.topic else ""
    who = person_name(slot.presenter, program) if slot.presenter else person_name(slot.speaker, program)
    named = f" ({who} presenting)" if slot.presenter else f" ({who})" if who else ""
    return f"{slot.name}{topic}{named}"


def session_description(slot: Slot, conference: Conference, program: Program) -> str:
    """A line for each thing that is known beyond the title."""
    facts = (
        ("Topic", slot.topic),
        ("Speaker", person_name(slot.speaker, program)),
        ("Presenter", person_name(slot.presenter, program)),
        ("Join", slot.link),
        ("", "Protected time: clinical duties are covered." if conference.protected else ""),
        ("", slot.description),
    )
    return lines(f"{label}: {text}" if label else text for label, text in facts if text)


def rotation_description(rotation: Rotation, program: Program) -> str:
    """Hours, place and duties of a rotation, a line each."""
    duties = (
        f"{duty.when.at} {duty.name}, {_days(duty.when.rrule)}{_where(duty.site, program)}"
        for duty in rotation.duties.values()
    )
    hours = f"Hours: {rotation.hours}" if rotation.hours else ""
    return lines((hours, place_text(rotation.site, "", program), *duties, rotation.description))


def told(deed: str, source: Override | Swap) -> str:
    """What was done, by whom, when and why: `moved to 2027-04-28 by Chief resident on 2027-03-30: vacation week`."""
    by = f" by {source.by}" if source.by else ""
    asked = f" on {source.asked}" if source.asked else ""
    reason = f": {source.reason}" if source.reason else ""
    return f"{deed}{by}{asked}{reason}"


def _days(rrule: str) -> str:
    days = rrule.partition("BYDAY=")[2].partition(";")[0]
    return " ".join(day.title() for day in days.split(","))


def _where(site: str | None, program: Program) -> str:
    return f" at {program.sites[site].name}" if site else ""


def lines(texts: Iterable[str]) -> str:
    """The texts that are not empty, each on a line of its own."""
    return "\n".join(text for text in texts if text)
