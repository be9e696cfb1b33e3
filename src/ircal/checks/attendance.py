"""Whether anybody comes: a conference of which everybody whom it is meant for is excused, every time.

Who is on nights is excused unless the conference says otherwise, so that one for those on nights calls nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.checks.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

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
