"""A Proposal: what the block schedule's file would be after an import, to be looked at before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ircal.errors import ScheduleRefused, SheetUnreadable
from ircal.exchange.block_file import people_by_line, rewritten
from ircal.exchange.frame import differing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ircal.errors import Problem
    from ircal.exchange.frame import Cells, Span
    from ircal.exchange.taking import Taken


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was taken from a sheet, the cells that it changes, and the file before (None: there is none) and after."""

    taken: Taken
    changed: Cells
    before: bytes | None
    after: bytes

    @property
    def files(self) -> Mapping[str, bytes]:
        """What would be in the configuration, by the name of the file there."""
        return {self.taken.frame.file: self.after} if self.changed else {}

    def differences(self) -> Mapping[str, list[tuple[Span, str]]]:
        """By person: each stretch of days with what was held, and what will be held then ('' for nothing)."""
        old = self.taken.frame.cells()
        return differing(self.taken.frame, {key: old.get(key, ()) for key in self.changed}, self.changed)

    def untouched(self) -> list[str]:
        """Who has a row in the configuration's file and none in the sheet."""
        there = set(people_by_line((self.before or b"").decode("utf-8-sig")).values()) - {""}
        return sorted(there - set(self.taken.people))

    def refusal(self, problems: Iterable[Problem]) -> ScheduleRefused:
        """The problems of the programme as it would be, each told at the cell of the sheet that it comes from."""
        people = people_by_line(self.after.decode())
        return ScheduleRefused(self.taken.sheet.file, [self._traced(problem, people) for problem in problems])

    def _traced(self, problem: Problem, people: Mapping[int, str]) -> Problem:
        place = problem.place
        if place.file != self.taken.frame.file or not place.column.isdigit():
            return problem
        cell = (people.get(place.line, ""), int(place.column))
        return replace(problem, place=self.taken.places[cell]) if cell in self.changed else problem

    def target(self, folder: Path) -> Path:
        """Where the file is to be put. Raises SheetUnreadable when somebody has changed it meanwhile."""
        path = folder / self.taken.frame.file
        if _bytes_of(path) != self.before:
            raise SheetUnreadable(f"{path} has changed meanwhile; nothing was written.", "Run the import again.")
        return path


def propose(taken: Taken, folder: Path) -> Proposal:
    """What the configuration's file of the block schedule would be. Cells that say the same stay as written."""
    frame, old = taken.frame, taken.frame.cells()
    changed = {
        (person, number): cell
        for (person, number), cell in taken.cells.items()
        if frame.spans(number, cell) != frame.spans(number, old.get((person, number), ()))
    }
    before = _bytes_of(folder / frame.file)
    return Proposal(taken, changed, before, rewritten((before or b"").decode("utf-8-sig"), changed).encode())


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SheetUnreadable(f"{path} cannot be read: {error.strerror}.") from None
