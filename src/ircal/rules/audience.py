"""Whom a session concerns: an Audience judged on a Standing, and the three-valued result with its reason.

Precedence, high to low: an override for the person, then leave, nights, being off-site, then the audience itself.
Whoever is excused stays in the list with the reason, so that it can be explained and counted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ircal.model.schedule import Attendance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ircal.model.conferences import Absence, Conference
    from ircal.model.people import Audience, Standing
    from ircal.rules.roster import Roster
    from ircal.rules.slots import Slot
    from ircal.rules.standings import Muster

NIGHTS = "nights"
"""The rotation tag of those who work at night."""


BY_NAME = "excused by name"
"""The reason of those whom an override excuses."""


def matches(audience: Audience, standing: Standing) -> bool:
    """Whether every key that the audience gives is true of the person."""
    return (
        (not audience.everyone or standing.role == "resident")
        and (not audience.pgy or standing.pgy in audience.pgy)
        and (not audience.class_of or standing.class_of in audience.class_of)
        and (not audience.phase or standing.phase in audience.phase)
        and (not audience.rotation or standing.rotation in audience.rotation)
        and (not audience.tag or not set(audience.tag).isdisjoint(standing.tags))
        and (not audience.site or standing.site in audience.site)
        and (not audience.role or standing.role in audience.role)
        and (not audience.person or standing.person in audience.person)
        and all(matches(part, standing) for part in audience.all)
        and (not audience.any or any(matches(part, standing) for part in audience.any))
        and (audience.not_ is None or not matches(audience.not_, standing))
    )


def demands(audience: Audience) -> Iterator[Audience]:
    """What the audience asks for, one by one: audiences of a single key each, which match if and only if it does."""
    for part in audience.all:
        yield from demands(part)
    fields = type(audience).model_fields
    keys = [key for key in fields if key not in ("place", "all") and getattr(audience, key) != fields[key].default]
    for key in keys:
        others = {other: fields[other].default for other in fields if other not in ("place", key)}
        yield audience.model_copy(update=others)


def absence(standing: Standing, reasons: Sequence[Absence], site: str) -> str:
    """Why the person cannot be at a session at `site`, among the given reasons; empty when they can."""
    if "leave" in reasons and standing.away:
        return f"on leave ({standing.away})"
    if NIGHTS in reasons and NIGHTS in standing.tags:
        return "on nights"
    if "off_site" in reasons and standing.off_site and standing.site != site:
        return f"off-site ({standing.site})"
    return ""


class Asked(NamedTuple):
    """What a session asks for, as far as it matters to whom it concerns."""

    site: str
    presenter: str
    required: tuple[str, ...]
    excused: tuple[str, ...]


Judge = Callable[["Slot"], tuple[Attendance, ...]]
"""Everyone whom a session concerns, by person id."""


def judge(conference: Conference, roster: Roster) -> Judge:
    """The judge of a conference's sessions: whoever presents is required, whatever else holds.

    Sessions that ask the same on days on which nobody's standing changes get the same answer, judged once.
    """

    @cache
    def judged(muster: Muster, asked: Asked) -> tuple[Attendance, ...]:
        entries = (_entry(standing, conference, asked) for standing in muster.standings)
        return tuple(entry for entry in entries if entry is not None)

    return lambda slot: judged(
        roster.musters.on(slot.day), Asked(slot.site, slot.presenter, slot.required, slot.excused)
    )


def _entry(standing: Standing, conference: Conference, asked: Asked) -> Attendance | None:
    if standing.person == asked.presenter:
        return Attendance(standing.person, "required", "presenting")
    return called(standing, conference, asked)


def called(standing: Standing, conference: Conference, asked: Asked | Slot) -> Attendance | None:
    """How the session concerns somebody, whoever presents it; None when it does not."""
    if standing.person in asked.required:
        return Attendance(standing.person, "required", "asked to come")
    entry = _judge(conference, standing, asked.site)
    if entry and standing.person in asked.excused:
        return Attendance(standing.person, "excused", BY_NAME)
    return entry


def _judge(conference: Conference, standing: Standing, site: str) -> Attendance | None:
    must = matches(conference.audience, standing)
    may = conference.optional is not None and matches(conference.optional, standing)
    if not (must or may):
        return None
    reason = absence(standing, conference.excuse, site)
    if reason:
        return Attendance(standing.person, "excused", reason)
    return Attendance(standing.person, "required" if must else "optional")
