"""Names that are used must be written somewhere: people, sites, rotations, lists, phases, classes ...

For each kind of entry a function yields the Refs it makes; one place compares them with what there is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ircal.config.crosscheck.planning import audiences_in, names_in, subjects_of
from ircal.config.sections import no_section, subject
from ircal.errors import Problem
from ircal.model.milestones import ClassDay
from ircal.model.place import Place
from ircal.model.when import Nth, Relative
from ircal.wording import closest, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from ircal.config.draft import Draft
    from ircal.model.checks import Checks
    from ircal.model.conferences import Conference, PresenterSwap
    from ircal.model.holidays import HolidayCalendar
    from ircal.model.milestones import Milestone
    from ircal.model.overrides import Change, Move, Override
    from ircal.model.people import Audience, Person
    from ircal.model.program import Settings
    from ircal.model.rotations import Cycle, Rotation, Site, Swap
    from ircal.model.values import Value
    from ircal.model.when import When

Path = tuple[str | int, ...]


class Ref(NamedTuple):
    """A name that an entry uses: what kind of thing it is of, and where in the entry it stands."""

    kind: str
    name: str
    path: Path


_KINDS = {
    "person": "a person",
    "site": "a site",
    "rotation": "a rotation",
    "rotation-or-cycle": "a rotation or cycle",
    "grid": "a grid",
    "holidays": "a holiday calendar",
    "conference": "a conference",
    "topics": "a list of topics",
    "sessions": "a list of sessions",
    "phase": "a phase",
    "tag": "a rotation's tag",
    "class": "a class",
    "level": "a PGY level",
    "milestone": "a milestone",
    "subject": "something",
}


_SECTIONS = {
    "person": "people",
    "site": "sites",
    "rotation": "rotations",
    "rotation-or-cycle": "rotations",
    "tag": "rotations",
    "class": "people",
    "grid": "grids",
    "holidays": "holidays",
    "conference": "conferences",
    "milestone": "milestones",
}
"""Where the names of each kind are written, but for lists of CSV files and what the settings say."""


def check(draft: Draft) -> Iterator[Problem]:
    """Names that nobody wrote."""
    known = known_names(draft)
    absent: set[str] = set()
    for ref, told, place in _uses(draft):
        names, section = known[ref.kind], _SECTIONS.get(ref.kind, "")
        if section and draft.written.absent(section):
            absent.add(section)
        elif names is not None and ref.name not in names:
            message = f"{told} names {_KINDS[ref.kind]} that does not exist: {quote(ref.name)}"
            hint = closest(ref.name, names, draft.written.called.id_of(ref.name, section))
            yield Problem(f"unknown-{ref.kind.partition('-')[0]}", message, place, hint)
    yield from map(no_section, sorted(absent))


def _uses(draft: Draft) -> Iterator[tuple[Ref, str, Place]]:
    """Every name that is used, with who uses it (as a person says it) and where."""
    for section, refs_of in _REFS.items():
        for name, value in draft.sections[section].items():
            for ref in refs_of(value):
                yield ref, subject(section, name), draft.written.place(section, name, *ref.path)
    for value, ref in _refs_of_tables(draft):
        yield ref, "this row", replace(value.place, column=str(ref.path[0]))
    for conference in draft.program.presenters:
        yield Ref("conference", conference, ()), "the file", Place(f"presenters/{conference}.csv")


def known_names(draft: Draft) -> Mapping[str, AbstractSet[str] | None]:
    """What there is of each kind; None where that cannot be known because something else is wrong."""
    known = _known(draft)
    return {kind: None if _SECTIONS.get(kind) in draft.written.unreadable else known[kind] for kind in known}


def _known(draft: Draft) -> dict[str, AbstractSet[str] | None]:
    settings, written = draft.program.settings, draft.written
    phases = {str(name) for name in settings.phases}
    levels = {str(level) for level in range(settings.first_pgy, settings.last_pgy + 1)}
    tags = {tag for rotation in draft.program.rotations.values() for tag in rotation.tags}
    return {
        "person": written.ids("people"),
        "site": written.ids("sites"),
        "rotation": written.ids("rotations"),
        "rotation-or-cycle": written.ids("rotations") | written.ids("cycles"),
        "grid": written.ids("grids"),
        "holidays": written.ids("holidays"),
        "conference": written.ids("conferences"),
        "topics": draft.program.topics.keys(),
        "sessions": draft.program.sessions.keys(),
        "phase": phases if draft.settled else None,
        "tag": tags if draft.complete("rotations") else None,
        "class": set(map(str, draft.classes())) if draft.settled and draft.complete("people") else None,
        "level": levels if draft.settled else None,
        "milestone": written.ids("milestones"),
        "subject": subjects_of(draft),
    }


def _one(kind: str, name: str | None, *path: str | int) -> Iterator[Ref]:
    """A name, if one is given."""
    if name is not None:
        yield Ref(kind, name, path)


def _each(kind: str, names: Iterable[object], *path: str | int) -> Iterator[Ref]:
    """The names of a list, or the single one that stands for it."""
    for number, name in enumerate(names):
        yield Ref(kind, str(name), (*path, number))


def _settings(settings: Settings) -> Iterator[Ref]:
    yield from _one("grid", settings.grid, "grid")
    yield from _one("holidays", settings.holidays, "holidays")
    for phase in settings.phases.values():
        yield Ref("level", str(phase.pgy), ("phases", phase.id, "pgy"))


def _person(person: Person) -> Iterator[Ref]:
    for level in person.promotions:
        yield Ref("level", str(level), ("promotions", level))


def _site(site: Site) -> Iterator[Ref]:
    yield from _one("holidays", site.holidays, "holidays")


def _rotation(rotation: Rotation) -> Iterator[Ref]:
    yield from _one("site", rotation.site, "site")
    for duty in rotation.duties.values():
        yield from _one("site", duty.site, "duties", duty.id, "site")
        yield from _when(duty.when, "duties", duty.id, "when")


def _cycle(cycle: Cycle) -> Iterator[Ref]:
    yield from _each("rotation", cycle.weeks, "weeks")
    for person in cycle.offsets:
        yield Ref("person", person, ("offsets", person))


def _holidays(calendar: HolidayCalendar) -> Iterator[Ref]:
    yield from _one("holidays", calendar.include, "include")


def _conference(conference: Conference) -> Iterator[Ref]:
    yield from _one("site", conference.site, "site")
    yield from _when(conference.when, "when")
    yield from _one("sessions", conference.sessions, "sessions")
    yield from _one("topics", conference.topics, "topics")
    yield from _one("holidays", conference.holidays, "holidays")
    yield from refs_of_audience(conference.audience, "audience")
    if conference.optional:
        yield from refs_of_audience(conference.optional, "optional")
    if conference.presenter:
        yield from refs_of_audience(conference.presenter.pool, "presenter", "pool")


def _when(when: When | None, *path: str) -> Iterator[Ref]:
    if isinstance(when, Nth | Relative):
        yield from _one("grid", when.grid, *path)
    if isinstance(when, Relative) and when.conference:
        yield Ref("conference", when.conference, path)


def _milestone(milestone: Milestone) -> Iterator[Ref]:
    yield from refs_of_audience(milestone.audience, "audience")
    if isinstance(milestone.when, ClassDay):
        yield Ref("level", str(milestone.when.pgy), ("when", "pgy"))
    if milestone.due:
        yield from _one("grid", milestone.due.grid, "when")
        yield from _one("milestone", milestone.due.milestone, "when")


def _override(override: Override) -> Iterator[Ref]:
    yield from _one("conference", override.conference, "conference")
    yield from _each("person", override.excuse, "excuse")
    yield from _each("person", override.require, "require")
    if override.close:
        yield from _each("site", override.close.sites, "close", "sites")
    for key in ("move", "replace", "change", "add"):
        altered: Move | Change | None = getattr(override, key)
        if altered:
            yield from _one("site", altered.site, key, "site")
            yield from _one("person", getattr(altered, "presenter", None), key, "presenter")


def _swap(swap: Swap | PresenterSwap) -> Iterator[Ref]:
    yield from _each("person", swap.people, "people")
    yield from _one("conference", getattr(swap, "conference", None), "conference")


def _checks(checks: Checks) -> Iterator[Ref]:
    yield from (Ref(*name) for name in names_in(checks))
    for audience, path in audiences_in(checks):
        yield from refs_of_audience(audience, *path)


def refs_of_audience(audience: Audience, *path: str | int) -> Iterator[Ref]:
    """The names in an audience, however deep."""
    for kind, key in _AUDIENCE_KEYS:
        yield from _each(kind, getattr(audience, key), *path, key)
    for key in ("all", "any"):
        for number, part in enumerate(getattr(audience, key)):
            yield from refs_of_audience(part, *path, key, number)
    if audience.not_:
        yield from refs_of_audience(audience.not_, *path, "not")


_AUDIENCE_KEYS = (
    ("person", "person"),
    ("rotation", "rotation"),
    ("site", "site"),
    ("tag", "tag"),
    ("phase", "phase"),
    ("level", "pgy"),
    ("class", "class_of"),
)

_REFS: dict[str, Callable[[Any], Iterator[Ref]]] = {
    "program": _settings,
    "people": _person,
    "sites": _site,
    "rotations": _rotation,
    "cycles": _cycle,
    "holidays": _holidays,
    "conferences": _conference,
    "milestones": _milestone,
    "overrides": _override,
    "swaps": _swap,
    "checks": _checks,
}


def _refs_of_tables(draft: Draft) -> Iterator[tuple[Value, Ref]]:
    """The names in rows of CSV files; those of the block schedule were looked up when it was read."""
    program = draft.program
    for assignment in program.assignments:
        if assignment.origin == "dated":
            yield assignment, Ref("person", assignment.person, ("person",))
            yield assignment, Ref("rotation-or-cycle", assignment.rotation, ("rotation",))
    for leave in program.leave:
        yield leave, Ref("person", leave.person, ("person",))
    for sessions in program.sessions.values():
        for session in sessions:
            yield from ((session, ref) for ref in _one("site", session.site, "site"))
    for presenters in program.presenters.values():
        for presenter in presenters:
            yield presenter, Ref("person", presenter.person, ("person",))
