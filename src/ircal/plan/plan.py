"""The Plan, and how it is made from what the programme wants and what is there."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ircal.plan.changes import Create, Delete, Update
from ircal.plan.occasions import repairs, taking_place
from ircal.plan.telling import as_json, days_of, headline, tell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ircal.model.program import Calendar, Window
    from ircal.model.series import Series
    from ircal.plan.changes import Change, Owned


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written to one calendar, in the order in which it would be done.

    `calendar` and `name` are the calendar's id and name; `existing` counts the events that the plan is about (ours,
    and not history), `unchanged` those that stay as they are, `withheld` the changes that a policy took out. `managed`
    are those events themselves, for the guard to look at. `person` is whose own calendar it is, by id, or empty.
    """

    calendar: str
    name: str
    changes: tuple[Change, ...]
    existing: int
    unchanged: int
    withheld: int = 0
    managed: tuple[Owned, ...] = field(default=(), compare=False, repr=False)
    person: str = ""

    @property
    def creates(self) -> tuple[Create, ...]:
        """What is new."""
        return tuple(change for change in self.changes if isinstance(change, Create))

    @property
    def updates(self) -> tuple[Update, ...]:
        """What is changed."""
        return tuple(change for change in self.changes if isinstance(change, Update))

    @property
    def deletes(self) -> tuple[Delete, ...]:
        """What is removed."""
        return tuple(change for change in self.changes if isinstance(change, Delete))

    @property
    def empties(self) -> bool:
        """Whether nothing is left of what is there, and nothing takes its place."""
        return 0 < self.existing == len(self.deletes) == len(self.changes)

    @property
    def by_date(self) -> tuple[Change, ...]:
        """All changes as people read them: by the first day that is concerned."""
        return tuple(sorted(self.changes, key=lambda change: days_of(change)[0]))

    @property
    def checksum(self) -> str:
        """A short hash (16 hex digits) of what would be done; the same for the same plan made again."""
        return checksum_of((self,))

    def __str__(self) -> str:
        """For a coordinator: a headline, and some lines for each change; a plan without changes says why."""
        return "\n".join([headline(self), *(line for change in self.by_date for line in tell(change))])

    def to_json(self) -> dict[str, object]:
        """The plan in JSON's types."""
        return {
            "calendar": self.calendar,
            "name": self.name,
            "person": self.person,
            "checksum": self.checksum,
            "existing": self.existing,
            "unchanged": self.unchanged,
            "withheld": self.withheld,
            "changes": [as_json(change) for change in self.by_date],
        }


def checksum_of(plans: Iterable[Plan]) -> str:
    """A short hash (16 hex digits) of several plans, in any order.

    Etags take no part: what counts is what was there and what would be written, not how often it was touched.
    """
    parts = sorted([plan.calendar, *map(_essence, plan.changes)] for plan in plans)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _essence(change: Change) -> str:
    before = "" if isinstance(change, Create) else f"{change.owned.id} {change.owned.digest}"
    after = "" if isinstance(change, Delete) else change.series.digest
    return f"{type(change).__name__} {change.uid} {before} {after}"


def make_plan(calendar: Calendar, desired: Iterable[Series], actual: Iterable[Owned], window: Window) -> Plan:
    """What it takes to make the calendar say what the programme says.

    Creates come first and deletes last, so that nobody sees a hole; within each kind they go by date and then by UID.
    Owned events of which no day lies in the window are history (or not yet our business) and left alone, unless they
    are wanted. A copy that somebody made of our event is surplus, and deleted.
    Raises ValueError if two Series have one UID.
    """
    desired = tuple(desired)
    wanted = _by_uid(taking_place(desired))
    cancelled = {series.uid for series in desired} - wanted.keys()
    managed = [owned for owned in actual if owned.uid in wanted or owned.touches(window)]
    kept = {owned.uid: owned for owned in managed if not owned.copied}
    creates = [Create(series) for uid, series in wanted.items() if uid not in kept]
    updates = [Update(kept[uid], series) for uid, series in wanted.items() if uid in kept]
    changed = [update for update in updates if not _is_current(update)]
    surplus = [owned for owned in managed if owned.uid not in wanted or owned.copied]
    deletes = [Delete(owned, cancelled=owned.uid in cancelled) for owned in surplus]
    ordered: list[Change] = [*sorted(creates, key=_order), *sorted(changed, key=_order), *sorted(deletes, key=_order)]
    person = calendar.of if calendar.kind == "resident" else ""
    unchanged = len(updates) - len(changed)
    return Plan(
        calendar.id, calendar.name, tuple(ordered), len(managed), unchanged, managed=tuple(managed), person=person
    )


def _by_uid(desired: Iterable[Series]) -> dict[str, Series]:
    found: dict[str, Series] = {}
    for series in desired:
        if series.uid in found:
            raise ValueError(f"two series have the UID {series.uid}")
        found[series.uid] = series
    return found


def _is_current(update: Update) -> bool:
    """The digest that we left says what we wrote; the exceptions show whether all of it arrived and is still there."""
    owned, series = update.owned, update.series
    return owned.digest == series.digest and all(
        repair.known and repair.known.by_hand for repair in repairs(series, owned.exceptions)
    )


def _order(change: Change) -> tuple[date, str, str]:
    return days_of(change)[0], change.uid, change.owned.id if isinstance(change, Delete) else ""
