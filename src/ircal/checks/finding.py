"""What constraints find, and how it is told.

A Finding is as small as it can be: one person, one stretch of days. So an exception can be made of exactly one. What is
left is then told together: the same sentence at the same place becomes one Problem that names everybody and counts the
days, because the same collision every Wednesday is one thing to mend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.errors import Problem, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ircal.model.people import Person
    from ircal.model.place import Place

_WEEK, _WEEKEND = 7, 2
_SATURDAY_AND_SUNDAY = (6, 0)
"""The days of the weekend, as the remainder of their ordinal number."""

_NAMED = 4
"""How many people a sentence names."""

_DATED = 3
"""How many stretches of days it names."""

Days = tuple["date", "date"]
"""The first and the last day of a stretch."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the programme wants it; never more than a warning.

    `what` is a sentence without the person and the days, which are told around it. `of` are the ids of what it is
    about: rotations, sites, conferences, entries of the section `checks`. `detail` may differ from day to day; that of
    the first is told.
    """

    code: str
    what: str
    place: Place
    hint: str = ""
    person: str = ""
    days: Days | None = None
    of: tuple[str, ...] = ()
    detail: str = ""


def told(findings: Iterable[Finding], people: Mapping[str, Person]) -> Iterator[Problem]:
    """The findings as warnings, those that say the same of the same place in one."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for each in findings:
        groups.setdefault((each.code, each.what, each.place, each.hint), []).append(each)
    for group in groups.values():
        yield _problem(group, people)


def _problem(group: Sequence[Finding], people: Mapping[str, Person]) -> Problem:
    first = group[0]
    names = sorted({each.person for each in group if each.person})
    days = joined({each.days for each in group if each.days})
    who = f"{_listed([people[name].name for name in names])}: " if names else ""
    when = f", {_when(days)}{_detail(group)}" if days else ""
    scope = Scope(tuple(names), tuple(sorted({name for each in group for name in each.of})), tuple(days))
    return Problem(first.code, f"{who}{first.what}{when}", first.place, first.hint, "warning", scope)


def _detail(group: Sequence[Finding]) -> str:
    """That of the first day; of several it is said that it is of the first."""
    details = [detail for _, detail in sorted({(each.days or (), each.detail) for each in group})]
    if not details[0]:
        return ""
    return f" ({details[0]}{' at first' if len(set(details)) > 1 else ''})"


def joined(stretches: Iterable[Days]) -> list[Days]:
    """The stretches in order of time; those that overlap or follow one another, weekends aside, are one."""
    found: list[Days] = []
    for first, last in sorted(stretches):
        if found and not _weekday_between(found[-1][1], first):
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _weekday_between(one: date, other: date) -> bool:
    days = range(one.toordinal() + 1, other.toordinal())
    return len(days) > _WEEKEND or any(ordinal % _WEEK not in _SATURDAY_AND_SUNDAY for ordinal in days)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return f"{', '.join(names[:_NAMED])} and {more} more" if more > 0 else ", ".join(names)


def _when(days: Sequence[Days]) -> str:
    """`on Mon 2026-09-07`, `from 2026-09-07 to 2026-09-11, on Mon 2026-09-14 and 5 times more`."""
    named = [f"on {first:%a %Y-%m-%d}" if first == last else f"from {first} to {last}" for first, last in days[:_DATED]]
    more = len(days) - _DATED
    return ", ".join(named) + (f" and {more} time{'s' if more > 1 else ''} more" if more > 0 else "")
