"""Whom a session concerns: an Audience judged on a Standing, and the three-valued result with its reason.

Precedence, high to low: an override for the person, then leave, nights, being off-site, then the audience itself.
Where the conference says so, those who are off-site come by its link instead of being excused. Whoever is excused
stays in the list with the reason, so that it can be explained and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ircal.model.people import ANY
from ircal.model.schedule import Attendance
from ircal.recall import Recall
from ircal.rules.whereabouts import Elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from ircal.model.conferences import Absence, Conference
    from ircal.model.people import Audience, Standing
    from ircal.rules.slot import Slot
    from ircal.rules.standings import Muster
    from ircal.rules.whereabouts import Whereabouts

NIGHTS = "nights"
"""The rotation tag of those who work at night."""


BY_NAME = "excused by name"
"""The reason of those whom an override excuses."""

BY_LINK = "by link"
"""How those come who are off-site, where the conference lets them."""


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
        and (not audience.leave or standing.away in audience.leave or bool(standing.away and ANY in audience.leave))
        and all(matches(part, standing) for part in audience.all)
        and (not audience.any or any(matches(part, standing) for part in audience.any))
        and (audience.not_ is None or not matches(audience.not_, standing))
    )


def named(audience: Audience) -> Iterator[str]:
    """Those whom it names, wherever it does."""
    yield from audience.person
    for part in (*audience.all, *audience.any, *((audience.not_,) if audience.not_ else ())):
        yield from named(part)


def demands(audience: Audience) -> Iterator[Audience]:
    """What the audience asks for, one by one: audiences of a single key each, which match if and only if it does."""
    for part in audience.all:
        yield from demands(part)
    fields = type(audience).model_fields
    keys = [key for key in fields if key not in ("place", "all") and getattr(audience, key) != fields[key].default]
    for key in keys:
        others = {other: fields[other].default for other in fields if other not in ("place", key)}
        yield audience.model_copy(update=others)


class Asked(NamedTuple):
    """What a session asks for, as far as it matters to whom it concerns."""

    site: str
    link: bool
    presenter: str
    required: tuple[str, ...]
    excused: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]
    entrants: frozenset[str]

    def of_all(self) -> Asked:
        """What it asks of those whom it does not name."""
        return self._replace(presenter="", required=(), excused=(), elsewhere=())

    def named(self) -> set[str]:
        """Those of whom it asks something else, or who are elsewhere."""
        return {*self.required, *self.excused, *self.entrants, *(each.person for each in self.elsewhere)}

    def off_site(self, standing: Standing) -> str:
        """The site at which the person is, when they cannot walk to the session from there; empty when they can.

        Nobody has to go to a session that has a link and no site.
        """
        if self.link and not self.site:
            return ""
        usual = Elsewhere(standing.person, standing.site, standing.off_site)
        there = next((each for each in self.elsewhere if each.person == standing.person), usual)
        return there.site if there.off_site and there.site != self.site else ""


def absence(standing: Standing, reasons: Sequence[Absence], asked: Asked) -> str:
    """Why the person cannot be at a session, among the given reasons; empty when they can."""
    if "leave" in reasons and standing.away:
        return f"on leave ({standing.away})"
    if NIGHTS in reasons and NIGHTS in standing.tags:
        return "on nights"
    if "off_site" in reasons and (site := asked.off_site(standing)):
        return f"off-site ({site})"
    return ""


class _Verdicts(dict["Standing", "Attendance | None"]):
    """How sessions that ask the same concern each standing of whom they do not name: judged when first asked for.

    Who somebody is (the first field of a standing) matters to those audiences only that name them. All others are
    judged by their situation, which is the rest of it, once for all who are in it.
    """

    def __init__(self, judge: Callable[[Standing], Attendance | None], named: AbstractSet[str]) -> None:
        super().__init__()
        self._judge, self._named = judge, named
        self._of_situations: dict[tuple[object, ...], Attendance | None] = {}

    def __missing__(self, standing: Standing) -> Attendance | None:
        self[standing] = entry = self._judged(standing)
        return entry

    def _judged(self, standing: Standing) -> Attendance | None:
        if standing.person in self._named:
            return self._judge(standing)
        situation = standing[1:]
        if situation not in self._of_situations:
            self._of_situations[situation] = self._judge(standing)
        entry = self._of_situations[situation]
        return entry and Attendance(standing.person, entry.level, entry.reason)


class Judge:
    """Whom the sessions of a conference concern, and how: whoever presents is required, whatever else holds.

    What a session asks of everybody is judged once for each standing, for all the sessions that ask it and all the days
    on which it is somebody's. Those whom a session names, or a duty takes elsewhere just then, are judged for it alone.
    Sessions that ask the same on days on which nobody's standing changes get the same answer; a recall keeps it for the
    next time.
    """

    def __init__(self, conference: Conference, whereabouts: Whereabouts, recall: Recall | None = None) -> None:
        self.conference, self.roster = conference, whereabouts.roster
        self._whereabouts = whereabouts
        self._recall = recall or Recall()
        self._known: dict[tuple[Muster, Asked], tuple[Attendance, ...]] = {}
        self._verdicts: dict[Asked, _Verdicts] = {}
        self._named = {*named(conference.audience), *(named(conference.optional) if conference.optional else ())}

    def concerned(self, slot: Slot) -> tuple[Attendance, ...]:
        """Everyone whom the session concerns, by person id."""
        key = (self.roster.musters.on(slot.day), self.asked(slot))
        if key not in self._known:
            self._known[key] = self._recall.kept(key, (self.conference,), lambda: self._attendance(*key))
        return self._known[key]

    def _attendance(self, muster: Muster, asked: Asked) -> tuple[Attendance, ...]:
        entries = self.called_on(muster, asked)
        presenter = muster.index(asked.presenter)
        if presenter is not None:
            entries[presenter] = Attendance(asked.presenter, "required", "presenting")
        return tuple(entry for entry in entries if entry is not None)

    def asked(self, slot: Slot) -> Asked:
        """What the session asks for."""
        elsewhere = self._whereabouts.elsewhere(slot)
        return Asked(slot.site, bool(slot.link), slot.presenter, slot.required, slot.excused, elsewhere, slot.entrants)

    def called_on(self, muster: Muster, asked: Asked) -> list[Attendance | None]:
        """How the session concerns each standing of a muster, whoever presents it; None where it does not."""
        of_all = asked.of_all()
        if of_all not in self._verdicts:
            named = self._named | of_all.entrants
            self._verdicts[of_all] = _Verdicts(lambda standing: self.called(standing, of_all), named)
        entries = list(map(self._verdicts[of_all].__getitem__, muster.standings))
        for person in asked.named():
            index = muster.index(person)
            if index is not None:
                entries[index] = self.called(muster.standings[index], asked)
        return entries

    def called(self, standing: Standing, asked: Asked) -> Attendance | None:
        """How the session concerns somebody, whoever presents it; None when it does not."""
        if standing.person in asked.required:
            return Attendance(standing.person, "required", "asked to come")
        if asked.entrants and standing.role == "resident" and standing.person not in asked.entrants:
            return None
        entry = self._judged(standing, asked)
        if entry and standing.person in asked.excused:
            return Attendance(standing.person, "excused", BY_NAME)
        return entry

    def _judged(self, standing: Standing, asked: Asked) -> Attendance | None:
        conference = self.conference
        must = matches(conference.audience, standing)
        may = conference.optional is not None and matches(conference.optional, standing)
        if not (must or may):
            return None
        remote = conference.remote and asked.link and asked.off_site(standing)
        reasons = [reason for reason in conference.excuse if not (remote and reason == "off_site")]
        if reason := absence(standing, reasons, asked):
            return Attendance(standing.person, "excused", reason)
        return Attendance(standing.person, "required" if must else "optional", BY_LINK if remote else "")
