"""Golden cases: a small programme in, its occurrences out, both readable by a coordinator.

Each folder of tests/golden/rules holds a `config` folder and `expected.txt`, whose first line names the window. To see
the new text after a change that is meant, run with IRCAL_UPDATE_GOLDEN=1 and read the difference in git.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ircal.config import load
from ircal.model.program import Window
from ircal.rules.expand import expand

if TYPE_CHECKING:
    from ircal.model.schedule import Attendance, Occurrence

CASES = sorted(path.parent for path in (Path(__file__).parents[1] / "golden" / "rules").glob("*/expected.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden_case_expands_to_what_is_written(case: Path) -> None:
    expected = (case / "expected.txt").read_text()
    heading = expected.splitlines()[0]
    first, last = heading.removeprefix("# ").split(" .. ")
    schedule = expand(load(case / "config"), Window(date.fromisoformat(first), date.fromisoformat(last)))
    written = "\n".join([heading, *map(_line, schedule.occurrences), *map(str, schedule.problems)]) + "\n"
    if os.environ.get("IRCAL_UPDATE_GOLDEN"):
        (case / "expected.txt").write_text(written)
    assert written == expected


def test_there_are_golden_cases() -> None:
    assert len(CASES) >= 7


def _line(occurrence: Occurrence) -> str:
    """`Mon 2026-10-12 07:30-09:00  Morning didactics  [required ash; excused birch: on leave]`."""
    status = " CANCELLED" if occurrence.cancelled else ""
    whom = occurrence.person or "; ".join(map(_attendance, occurrence.attendance))
    place = f" @ {occurrence.details.location}" if occurrence.details.location else ""
    return f"{_when(occurrence)}  {occurrence.details.summary}{status}{place}  [{whom}]"


def _when(occurrence: Occurrence) -> str:
    start, end = occurrence.start, occurrence.end
    if isinstance(start, datetime) and isinstance(end, datetime):
        tomorrow = "+1" if end.date() > start.date() else ""
        offsets = "" if start.utcoffset() == end.utcoffset() else f" ({start:%z} to {end:%z})"
        return f"{start:%a %Y-%m-%d %H:%M}-{end:%H:%M}{tomorrow}{offsets}"
    return f"{start:%a %Y-%m-%d} until {end:%a %Y-%m-%d}"


def _attendance(entry: Attendance) -> str:
    return f"{entry.level} {entry.person}" + (f": {entry.reason}" if entry.reason else "")
