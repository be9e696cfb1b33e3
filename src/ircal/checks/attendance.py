"""Whether those come who are meant to.

Who is on nights is excused unless the conference says otherwise, so that one for those on nights calls nobody. And an
override may ask for somebody who is on leave: that goes before the leave, and may be meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.checks.finding import Finding
from ircal.feeds.groups import nominal_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.checks.ground import Ground


def all_excused(ground: Ground) -> Iterator[Finding]:
    """Conferences to which somebody belongs and never has to come, or may."""
    for conference in ground.program.conferences.values():
        part = ground.schedule.parts.get(f"conference:{conference.id}", ())
        entries = [entry for item in part if item.rule.kind == "conference" for entry in item.attendance]
        if entries and all(entry.level == "excused" for entry in entries):
            reasons = ", ".join(sorted({entry.reason for entry in entries}))
            what = f"everybody whom {conference.name} is for is excused from all of its sessions: {reasons}"
            hint = "take the reason out of `excuse` (`excuse: []` for none of them), or correct the `audience`"
            yield Finding("everybody-excused", what, conference.place, hint, of=(conference.id,))


def called_back(ground: Ground) -> Iterator[Finding]:
    """People whom an override requires on a day of their leave, where leave excuses from the conference."""
    for override in ground.program.overrides:
        conference = ground.program.conferences.get(override.conference or "")
        if not override.require or conference is None or "leave" not in conference.excuse:
            continue
        for day in _held(conference.id, override.date, ground):
            for person in override.require:
                if leave := ground.roster.leave_on(person, day):
                    what = f"must come to {conference.name} by the override {override.id} while on leave ({leave.kind})"
                    hint = f"take them out of it, or end the leave before ({leave.place})"
                    of = (conference.id,)
                    yield Finding("required-on-leave", what, override.place, hint, person, (day, day), of)


def _held(conference: str, nominal: date | None, ground: Ground) -> Iterator[date]:
    """The days on which the sessions take place that the rule has on a day."""
    zone = ground.program.settings.zone
    for item in ground.schedule.parts.get(f"conference:{conference}", ()):
        if item.rule.kind == "conference" and nominal_day(item, zone) == nominal and not item.cancelled:
            yield item.first_day
