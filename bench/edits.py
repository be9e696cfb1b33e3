"""From an edit of the example programme to new bytes: what a running service takes, from the file to the feeds.

Each edit is made in a copy of `config/`, as a coordinator would make it, and followed by what `ircal serve` does when
it looks: read, check, expand, make the feeds, ask the store (SQLite, on disk) for revisions, render. Told are the
median of several such edits, on the wall clock and in processor time, beside the first build, and what part of all
feeds got new bytes.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ircal.config import load
from ircal.service import FeedBook
from ircal.service.folder import FolderDigest
from ircal.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TIMES = 7
GOAL = 0.1


class Took(NamedTuple):
    """Seconds on the wall clock, of the processor, and how many feeds have new bytes."""

    wall: float
    processor: float
    feeds: int


def main() -> None:
    """Print a line for each kind of edit."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config")
        shutil.copytree("config", config)
        store = open_store(f"sqlite:///{folder}/bench.db")
        book = FeedBook(partial(load, config), FolderDigest(config), store, 2)
        names = list(load(config).calendars)
        print(f"from an edit of the example to new bytes ({len(names)} feeds; goal under {GOAL} s)")
        _tell("the first build", [_refreshed(book, names)])
        for name, edit in EDITS.items():
            took = []
            for number in range(TIMES):
                edit(config, number)
                took.append(_refreshed(book, names))
            _tell(name, took)
        store.close()


def _refreshed(book: FeedBook, names: list[str]) -> Took:
    before = {name: book.feed(name) for name in names}
    wall, processor = time.perf_counter(), time.process_time()
    if not book.refresh(NOW):
        raise SystemExit("\n".join(map(str, book.problems)))
    seconds = time.perf_counter() - wall, time.process_time() - processor
    return Took(*seconds, sum(book.feed(name) is not before[name] for name in names))


def _tell(name: str, took: list[Took]) -> None:
    wall, processor, feeds = (statistics.median(values) for values in zip(*took, strict=True))
    print(f"  {name:<32} {wall:7.3f} s   processor {processor:7.3f} s   {feeds:3.0f} feeds new")


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise SystemExit(f"{path.name} of the example holds no {old!r} any more: this measurement needs another edit")
    path.write_text(text.replace(old, new), encoding="utf-8")


def _cancel(config: Path, number: int) -> None:
    day = date(2027, 2, 22) + timedelta(weeks=number)
    _append(config / "overrides.yaml", f"  bench-{number}: {{conference: gi-tumor-board, date: {day}, cancel: true}}\n")


def _retitle(config: Path, number: int) -> None:
    old, new = (f"name: GI tumor board{' again' * times}\n" for times in (number, number + 1))
    _replace(config / "conferences.yaml", old, new)


def _leave(config: Path, number: int) -> None:
    day = date(2027, 5, 17) + timedelta(days=number)
    _append(config / "leave" / "2026-27.csv", f"ash,sick,{day},{day},\n")


def _reassign(config: Path, number: int) -> None:
    """The first block of a junior resident, one rotation and another in turn."""
    path = config / "blocks" / "2026-27.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    row = next(index for index, line in enumerate(lines) if line.startswith("elm,"))
    cells = lines[row].split(",")
    cells[1] = "cardiac" if number % 2 else "breast"
    lines[row] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


EDITS: dict[str, Callable[[Path, int], None]] = {
    "a session cancelled": _cancel,
    "a conference renamed": _retitle,
    "a day of leave": _leave,
    "a block given another rotation": _reassign,
}
