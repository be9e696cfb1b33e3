"""The schedule: residents by weeks or days, with what is to be looked at, and what there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ircal.rules.levels import class_of
from ircal.views.notices import Notice, marks_of, notices_of
from ircal.views.rows import Group, groups_of, matching
from ircal.views.span import Span, Zoom, span_of

if TYPE_CHECKING:
    from datetime import date

    from ircal.model.rotations import Rotation, Site
    from ircal.views.ground import Ground


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are wanted: of a class (the year in which it graduates), and with anything at a site or a rotation."""

    class_of: int | None = None
    site: str = ""
    rotation: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a filter can ask for in that time."""

    classes: tuple[int, ...]
    sites: tuple[Site, ...]
    rotations: tuple[Rotation, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the page shows.

    `rotations` are those that are drawn, for the legend, by name; `wanted` those that the filter leaves, the others
    are drawn faintly. `marks` are, for each column, the numbers of the notices that are about nobody in particular.
    """

    span: Span
    groups: tuple[Group, ...]
    rotations: tuple[Rotation, ...]
    wanted: frozenset[str]
    notices: tuple[Notice, ...]
    marks: tuple[tuple[int, ...], ...]
    choices: Choices

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of bars that are drawn."""
        return frozenset(bar.held.kind for group in self.groups for row in group.rows for bar in row.bars)


def schedule_of(ground: Ground, zoom: Zoom, at: date, today: date, wanted: Filter) -> Schedule | None:
    """The schedule around a day; None where the programme's grid has no block on it."""
    span = span_of(ground.program, zoom, at, today)
    if span is None:
        return None
    notices = notices_of(ground, span.start, span.end)
    marks = marks_of(notices)
    everybody = groups_of(ground, span, marks)
    rotations = matching(ground.program, wanted.site, wanted.rotation)
    groups = _filtered(everybody, wanted, rotations)
    return Schedule(
        span,
        groups,
        _drawn(ground, groups),
        rotations,
        notices,
        tuple(_about(marks.get("", []), column.start, column.end) for column in span.columns),
        _choices(ground, everybody),
    )


def _filtered(groups: tuple[Group, ...], wanted: Filter, rotations: frozenset[str]) -> tuple[Group, ...]:
    """The rows that are wanted, in the classes that have any."""
    narrow = bool(wanted.site or wanted.rotation)
    kept = [
        replace(group, rows=tuple(row for row in group.rows if not narrow or row.has(rotations)))
        for group in groups
        if wanted.class_of in {None, group.class_of}
    ]
    return tuple(group for group in kept if group.rows)


def _drawn(ground: Ground, groups: tuple[Group, ...]) -> tuple[Rotation, ...]:
    bars = [bar.held for group in groups for row in group.rows for bar in row.bars]
    found = {held.id for held in bars if held.kind == "rotation"}
    return tuple(sorted((ground.program.rotations[each] for each in found), key=lambda each: (each.name, each.id)))


def _about(marks: list[tuple[date, date, int]], start: date, end: date) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for first, last, number in marks if first < end and last >= start))


def _choices(ground: Ground, groups: tuple[Group, ...]) -> Choices:
    rotations = _drawn(ground, groups)
    sites = {each.site for each in rotations}
    return Choices(
        tuple(group.class_of for group in groups),
        tuple(sorted((ground.program.sites[each] for each in sites), key=lambda each: each.name)),
        rotations,
    )


def classes_of(ground: Ground) -> frozenset[int]:
    """Every class that the programme knows."""
    known = (class_of(person, ground.program) for person in ground.program.residents)
    return frozenset(each for each in known if each)
