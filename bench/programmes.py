"""What a programme costs among many: programmes of ten residents in one process, over a SQLite store.

For 1, 10, 100 and 1,000 of them (which take minutes), each in a process of its own: the processor time that the first
look at all of them takes (read, check, work out, build every feed, remember the revisions), for each; the time from an
edit of one to its new feed, with a look at that one, and with a look at all; a look when nothing has changed; and the
memory, with 50 of them at hand.
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

COUNTS = (1, 10, 100, 1000)
AT_HAND = 50
EDITS = 9
RESIDENTS = ("ash", "birch", "cedar", "elm", "fir", "hazel", "juniper", "larch", "maple", "oak")

PROGRAMME = """\
program:
  id: {name}
  name: Programme {name}
  timezone: America/New_York
  first_year: 2026
  published: 2026-05-01T09:00:00-04:00
  grid: months
grids:
  months: {{kind: months}}
sites:
  west: {{name: West Campus}}
  east: {{name: East Campus}}
rotations:
  ir: {{name: IR West, site: west}}
  icu: {{name: ICU, site: east}}
people:
{people}
conferences:
  rounds: {{name: Rounds, when: "Mo-Fr 07:00-07:30", site: west, audience: everyone}}
  mm: {{name: M&M, when: "We[3] 17:00-18:00", site: west, audience: everyone}}
  journal: {{name: Journal club, when: "Tu/2 from 2026-07-07 16:00-17:00", site: east, audience: everyone}}
calendars:
{calendars}
  rounds: {{name: Rounds, kind: conference, of: rounds, public: true}}
  mm: {{name: M&M, kind: conference, of: mm, public: true}}
  west: {{name: West, kind: site, of: west}}
"""


class Cost(NamedTuple):
    """What was measured: seconds of processor time, seconds, seconds, seconds, and bytes at the most."""

    first: float
    edit: float
    edit_in_all: float
    quiet: float
    memory: int


def lay(folder: Path, name: str) -> None:
    """Write a programme of ten residents."""
    (folder / "blocks").mkdir(parents=True)
    people = "\n".join(f"  {each}: {{name: {each.title()}, role: resident, entered: 2026-07-01}}" for each in RESIDENTS)
    calendars = "\n".join(f"  {each}: {{name: {each.title()}, kind: resident, of: {each}}}" for each in RESIDENTS)
    text = PROGRAMME.format(name=name, people=people, calendars=calendars)
    (folder / "program.yaml").write_text(text, encoding="utf-8")
    rows = [["resident", *map(str, range(1, 13))]]
    rows += [[each, *(("ir", "icu")[(n + month) % 2] for month in range(12))] for n, each in enumerate(RESIDENTS)]
    table = "".join(",".join(row) + "\n" for row in rows)
    (folder / "blocks" / "2026-27.csv").write_text(table, encoding="utf-8")


def measure(folder: Path, count: int) -> Cost:
    """Measure, in this process."""
    from ircal.__main__ import collect_seldom
    from ircal.service.shelf import Shelf, Terms, Told
    from ircal.store import open_store

    collect_seldom()

    now = datetime(2026, 9, 1, 8, tzinfo=UTC)
    store = open_store(f"sqlite:///{folder}.db")
    shelf = Shelf(folder, store, Terms(2, 30, AT_HAND), Told(_untold, _untold), lambda: now)
    began = time.process_time()
    shelf.refresh(now)
    first = (time.process_time() - began) / count
    edits: list[float] = []
    edits_in_all: list[float] = []
    file = folder / "p0000" / "program.yaml"
    for number in range(EDITS):
        file.write_text(file.read_text(encoding="utf-8").replace("07:30", "07:31") + f"# {number}\n", encoding="utf-8")
        began = time.perf_counter()
        (edits_in_all if number % 2 else edits).append(_looked_at(shelf, now, began, one=number % 2 == 0))
    began = time.perf_counter()
    shelf.refresh(now)
    quiet = time.perf_counter() - began
    store.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Cost(first, statistics.median(edits), statistics.median(edits_in_all), quiet, memory)


def _untold(_about: object, _what: object) -> None:
    """Tell nobody."""


def _looked_at(shelf: object, now: datetime, began: float, *, one: bool) -> float:
    from ircal.service.shelf import Shelf

    assert isinstance(shelf, Shelf)  # noqa: S101
    found = shelf.opened("p0000") if one else None
    changed = found[1].refresh(now) if found else shelf.refresh(now)
    if not changed:
        raise RuntimeError("the edit was not seen")
    return time.perf_counter() - began


def main() -> None:
    """Print what programmes cost."""
    print(f"{'programmes':>10}  {'first, each':>11}  {'one edit':>9}  {'and all':>9}  {'quiet':>9}  {'memory':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for count in COUNTS:
            place = Path(folder) / str(count)
            for number in range(count):
                lay(place / f"p{number:04}", f"p{number:04}")
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                cost = pool.apply(measure, (place, count))
            times = (cost.first, cost.edit, cost.edit_in_all, cost.quiet)
            shown = "  ".join(f"{1000 * each:>6.1f} ms" for each in times)
            print(f"{count:>10}    {shown}  {cost.memory / 1e6:>5.0f} MB", flush=True)


if __name__ == "__main__":
    main()
