"""The Plan, and how it is made from what the programme wants and what is there."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ircal.plan.changes import Create, Delete, Update
from ircal.plan.drift import drifts, stays_away, update_of
from ircal.plan.occasions import taking_place
from ircal.plan.telling import as_json, days_of, drift_json, headline, tell
from ircal.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ircal.model.program import Calendar, Drifting, Window
    from ircal.model.series import Series
    from ircal.plan.changes import Change, Owned
    from ircal.plan.drift import Drift
    from ircal.plan.quarantine import Held


MAX_DRIFTS = 12
"""How many edits by hand are told one by one; JSON has them all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written to one calendar, in the order in which it would be done.

    `calendar` and `name` are the calendar's id and name; `existing` counts the events that the plan is about (ours,
    and not history), `unchanged` those that stay as they are, `withheld` the changes that a policy took out. `managed`
    are those events themselves, for the guard to look at. `person` is whose own calendar it is, by id, or empty.
    `drifts` is what somebody else did to our events, `held` what the calendar refused before.
    """

    calendar: str
    name: str
    changes: tuple[Change, ...]
    existing: int
    unchanged: int
    withheld: int = 0
    managed: tuple[Owned, ...] = field(default=(), compare=False, repr=False)
    person: str = ""
    drifts: tuple[Drift, ...] = ()
    held: tuple[Held, ...] = ()
    shares: tuple[str, ...] = ()

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
    def notes(self) -> tuple[str, ...]:
        """What somebody else did to our events, and what is held back: a line for each, of very many for the first."""
        more = len(self.drifts) - MAX_DRIFTS
        told = [str(drift) for drift in self.drifts[:MAX_DRIFTS]]
        told += [f"and {count(more, 'more event')} or dates that were changed or deleted by hand"] if more > 0 else []
        return (*told, *map(str, self.held))

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
        told = [f"  ! {line}" for line in self.notes]
        told += [f"  + {share}" for share in self.shares]
        return "\n".join([headline(self), *told, *(line for change in self.by_date for line in tell(change))])

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
            "held": [{"uid": held.change.uid, "text": str(held)} for held in self.held],
            "drift": [drift_json(drift) for drift in self.drifts],
            "shares": list(self.shares),
            "changes": [as_json(change) for change in self.by_date],
        }


def checksum_of(plans: Iterable[Plan]) -> str:
    """A short hash (16 hex digits) of several plans, in any order.

    Etags take no part: what counts is what was there and what would be written, not how often it was touched.
    """
    parts = sorted([plan.calendar, *plan.shares, *map(_essence, plan.changes)] for plan in plans)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _essence(change: Change) -> str:
    before = "" if isinstance(change, Create) else f"{change.owned.id} {change.owned.digest}"
    after = "" if isinstance(change, Delete) else change.series.digest
    return f"{type(change).__name__} {change.uid} {before} {after}"


def make_plan(calendar: Calendar, desired: Iterable[Series], actual: Iterable[Owned], window: Window) -> Plan:
    """What it takes to make the calendar say what the programme says.

    Creates come first and deletes last, so that nobody sees a hole; within each kind they go by date and then by UID.
    Owned events of which no day lies in the window are history (or not yet our business) and left alone, unless they
    are wanted. A copy that somebody made of our event is surplus, and deleted. What else somebody did to our events is
    dealt with as the calendar wants it (`drift`).
    Raises ValueError if two Series have one UID.
    """
    desired, drifting = tuple(desired), calendar.drift
    wanted = _by_uid(taking_place(desired))
    cancelled = {series.uid for series in desired} - wanted.keys()
    ours = [owned for owned in actual if owned.uid in wanted or owned.touches(window)]
    managed = [owned for owned in ours if not owned.deleted]
    known = _originals(owned for owned in ours if owned.uid in wanted)
    creates = [Create(series) for uid, series in wanted.items() if _is_missing(known.get(uid), series, drifting)]
    updates = [update_of(owned, wanted[uid], drifting) for uid, owned in known.items() if not owned.deleted]
    changed = [update for update in updates if update]
    surplus = [owned for owned in managed if owned.uid not in wanted or owned.copied]
    deletes = [Delete(owned, cancelled=owned.uid in cancelled) for owned in surplus]
    ordered: list[Change] = [*sorted(creates, key=_order), *sorted(changed, key=_order), *sorted(deletes, key=_order)]
    found = [drift for uid, owned in known.items() for drift in drifts(owned, wanted[uid], drifting)]
    return Plan(
        calendar.id,
        calendar.name,
        tuple(ordered),
        existing=len(managed),
        unchanged=len(updates) - len(changed),
        managed=tuple(managed),
        person=calendar.of if calendar.kind == "resident" else "",
        drifts=tuple(sorted(found, key=lambda drift: (drift.day, drift.uid))),
    )


def _originals(ours: Iterable[Owned]) -> dict[str, Owned]:
    """The event of each UID that is no copy; one that is there rather than one that was deleted."""
    found = sorted((owned for owned in ours if not owned.copied), key=lambda owned: not owned.deleted)
    return {owned.uid: owned for owned in found}


def _is_missing(owned: Owned | None, series: Series, drifting: Drifting) -> bool:
    return owned is None or (owned.deleted and not stays_away(owned, series, drifting))


def _by_uid(desired: Iterable[Series]) -> dict[str, Series]:
    found: dict[str, Series] = {}
    for series in desired:
        if series.uid in found:
            raise ValueError(f"two series have the UID {series.uid}")
        found[series.uid] = series
    return found


def _order(change: Change) -> tuple[date, str, str]:
    return days_of(change)[0], change.uid, change.owned.id if isinstance(change, Delete) else ""
