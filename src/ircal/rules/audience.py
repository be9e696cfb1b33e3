"""Whom a session concerns: an Audience judged on a Standing, and the three-valued result with its reason.

Precedence, high to low: an override for the person, then leave, nights, being off-site, then the audience itself.
Where the conference says so, those who are off-site come by its link instead of being excused. Whoever is excused
stays in the list with the reason, so that it can be explained and counted.
"""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from ircal.model.people import ANY
from ircal.model.schedule import Attendance
from ircal.recall import Recall
from ircal.rules.whereabouts import Elsewhere, Own, Taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from ircal.model.conferences import Absence, Conference
    from ircal.model.people import Audience, Standing
    from ircal.model.values import ClockRange
    from ircal.rules.slot import Slot
    from ircal.rules.standings import Muster
    from ircal.rules.whereabouts import Whereabouts

T = TypeVar("T")

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


_OF_ABSENCES = frozenset({"away", "tags", "rotation", "site", "off_site"})
"""The fields of a standing that `absence` looks at."""

_NESTED = frozenset({"place", "all", "any", "not_"})

_FIELDS = {"everyone": "role", "tag": "tags", "leave": "away"}
"""The field of a standing that a key of an audience looks at, where it is called otherwise."""


def looked_at(audience: Audience) -> set[str]:
    """The fields of a standing that `matches` looks at."""
    keys = {key for key in audience.model_fields_set if key not in _NESTED}
    parts = (*audience.all, *audience.any, *((audience.not_,) if audience.not_ else ()))
    return {_FIELDS.get(key, key) for key in keys}.union(*map(looked_at, parts))


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
    """What a session asks for, as far as it matters to whom it concerns.

    `taken` are rotations whose people are elsewhere then, `own` people whom a duty of their own stretch takes there.
    """

    site: str
    link: bool
    presenter: str
    required: tuple[str, ...]
    excused: tuple[str, ...]
    taken: Taken
    own: Own
    entrants: frozenset[str]

    def of_all(self) -> Asked:
        """What it asks of those whom it does not name."""
        return self._replace(presenter="", required=(), excused=(), own=())

    def named(self) -> set[str]:
        """Those of whom it asks something else."""
        return {*self.required, *self.excused, *self.entrants, *(person for person, _ in self.own)}

    def off_site(self, standing: Standing) -> str:
        """The site at which the person is, when they cannot walk to the session from there; empty when they can.

        Nobody has to go to a session that has a link and no site.
        """
        if self.link and not self.site:
            return ""
        there = Elsewhere(standing.site, standing.off_site)
        if not standing.away:
            there = next((at for name, at in self.taken if name == standing.rotation), there)
            there = next((at for person, at in self.own if person == standing.person), there)
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


class _Alike(Generic[T]):
    """What is judged of standings, once for all that are alike in what is looked at."""

    def __init__(self, judge: Callable[[Standing], T], looked_at: Iterable[str]) -> None:
        self._judge, self._seen = judge, attrgetter(*looked_at)
        self._known: dict[object, T] = {}

    def of(self, standing: Standing) -> T:
        """What is judged of this one."""
        seen = self._seen(standing)
        if seen not in self._known:
            self._known[seen] = self._judge(standing)
        return self._known[seen]


class Group:
    """Those to whom an audience applies, where many are asked for."""

    def __init__(self, audience: Audience) -> None:
        self._alike = _Alike(partial(matches, audience), looked_at(audience))

    def __contains__(self, standing: Standing) -> bool:
        """Whether the audience matches the standing."""
        return self._alike.of(standing)


class _Verdicts(dict["Standing", "Attendance | None"]):
    """How sessions that ask the same concern each standing of whom they do not name: judged when first asked for."""

    def __init__(self, judge: Callable[[Standing], Attendance | None], looked_at: Iterable[str]) -> None:
        super().__init__()
        self._alike = _Alike(judge, looked_at)

    def __missing__(self, standing: Standing) -> Attendance | None:
        entry = self._alike.of(standing)
        self[standing] = own = entry and Attendance(standing.person, entry.level, entry.reason)
        return own


class Judge:
    """Whom the sessions of a conference concern, and how: whoever presents is required, whatever else holds.

    What a session asks of everybody is judged once for each standing, for all the sessions that ask it and all the days
    on which it is somebody's. Those whom a session names, or a duty takes elsewhere just then, are judged for it alone.
    Sessions that ask the same on days on which nobody's standing changes get the same answer; a recall keeps it for the
    next time.
    """

    def __init__(self, conference: Conference, whereabouts: Whereabouts, recall: Recall | None = None) -> None:
        self.conference, self.roster, self._whereabouts = conference, whereabouts.roster, whereabouts
        self._recall = recall or Recall()
        self._known: dict[tuple[Muster, Asked], tuple[Attendance, ...]] = {}
        self._called: dict[tuple[Muster, Asked], list[Attendance | None]] = {}
        self._verdicts: dict[Asked, _Verdicts] = {}
        self._looked_at = _OF_ABSENCES.union(*map(looked_at, filter(None, (conference.audience, conference.optional))))

    def concerned(self, slot: Slot) -> tuple[Attendance, ...]:
        """Everyone whom the session concerns, by person id."""
        key = (self.roster.musters.on(slot.day), self.asked(slot))
        if key not in self._known:
            self._known[key] = self._recall.kept(key, (self.conference,), lambda: self._attendance(*key))
        return self._known[key]

    def _attendance(self, muster: Muster, asked: Asked) -> tuple[Attendance, ...]:
        entries = self.called_on(muster, asked)
        presenter = muster.index(asked.presenter) if asked.presenter else None
        if presenter is not None:
            entries[presenter] = Attendance(asked.presenter, "required", "presenting")
        return tuple(filter(None, entries))

    def asked(self, slot: Slot) -> Asked:
        """What the session asks for."""
        taken, own = self._elsewhere(slot.day, slot.clock) if slot.clock else ((), ())
        link = bool(slot.link)
        return Asked(slot.site, link, slot.presenter, slot.required, slot.excused, taken, own, slot.entrants)

    def _elsewhere(self, day: date, clock: ClockRange) -> tuple[Taken, Own]:
        return self._whereabouts.duties.taken(day, clock), self._whereabouts.own(day, clock)

    def called_on(self, muster: Muster, asked: Asked) -> list[Attendance | None]:
        """How the session concerns each standing of a muster, whoever presents it; None where it does not."""
        key = (muster, asked._replace(presenter="") if asked.presenter else asked)
        if key not in self._called:
            self._called[key] = self._called_on(*key)
        return list(self._called[key])

    def _called_on(self, muster: Muster, asked: Asked) -> list[Attendance | None]:
        entries = list(map(self._of_all(asked).__getitem__, muster.standings))
        for person in asked.named():
            index = muster.index(person)
            if index is not None:
                entries[index] = self.called(muster.standings[index], asked)
        return entries

    def _of_all(self, asked: Asked) -> _Verdicts:
        """How the session concerns those whom it does not name."""
        of_all = asked.of_all()
        if of_all not in self._verdicts:
            fields = self._looked_at | {"role", "person"} if asked.entrants else self._looked_at
            self._verdicts[of_all] = _Verdicts(lambda standing: self.called(standing, of_all), fields)
        return self._verdicts[of_all]

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
