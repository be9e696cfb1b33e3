"""What a cell of a schedule says.

In a column for a block: a rotation or cycle, or several with `/` between them. In a column for a week: one of them; for
a cycle the rotation of that week may stand behind it (`core: W`), for people to read, and must then be the right one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.exchange.names import Names, Unknown
from ircal.model.program import year_name
from ircal.rules.grids import divided
from ircal.wording import quote

if TYPE_CHECKING:
    from ircal.exchange.frame import Cell, Frame, Week
    from ircal.model.program import Program

_TOLD_APART = 3
"""Letters by which a word for leave is known."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How the cells of a frame are written and read."""

    frame: Frame
    work: Names

    @classmethod
    def of(cls, frame: Frame) -> Wording:
        """With the names of the frame's programme."""
        return cls(frame, Names.of_work(frame.program))

    def name(self, work: str) -> str:
        """The name that a cell shows: the short one of a rotation, else the id."""
        rotation = self.frame.program.rotations.get(work)
        return self.work.best(work, rotation.short) if rotation else work

    def in_block(self, cell: Cell) -> str:
        """The text of a cell in the column of a block."""
        return "/".join(self.name(work) for work in cell)

    def in_week(self, person: str, work: str, week: Week) -> str:
        """The text of a cell in the column of a week."""
        if work not in self.frame.program.cycles:
            return self.name(work) if work else ""
        return f"{work}: {self.name(self.frame.in_cycle(person, work, week.start))}"

    def block(self, text: str, number: int) -> Cell:
        """What the cell of a block says. Raises Unknown."""
        cell = self._cell(text)
        block = self.frame.block(number)
        if cell and not divided(block, len(cell), self.frame.unit):
            message = f"a block of {(block.end - block.start).days} days is too short for {len(cell)} parts"
            raise Unknown("blocks-parts", message, "give the dates in a file of assignments/")
        return cell

    def _cell(self, text: str) -> Cell:
        """The whole text may be a name (PET/CT); else its parts are."""
        if not text or self.work.meant(text):
            return (self._work(text),) if text else ()
        parts = [part.strip() for part in text.split("/")]
        if not all(parts):
            raise Unknown("unknown-rotation", "a part of the cell is empty", "write a rotation on each side of /")
        return tuple(self._work(part) for part in parts)

    def _work(self, text: str) -> str:
        """The rotation or cycle that is meant. Raises Unknown; leave is told where it belongs."""
        try:
            return self.work.id_of(text)
        except Unknown:
            if not _is_leave(text, self.frame.program):
                raise
        message = f"{quote(text)} is leave, and the block schedule says what somebody is on"
        raise Unknown("leave-in-schedule", message, f"write the days in leave/{year_name(self.frame.year)}.csv")

    def week(self, text: str) -> str:
        """What the cell of a week says; empty text for nothing. Raises Unknown."""
        if not text or self.work.meant(text):
            return self.work.id_of(text) if text else ""
        cycle, shown = self.in_cycle(text)
        if cycle:
            self.work.id_of(shown)
            return cycle
        if "/" in text:
            raise Unknown("week-divided", f"{quote(text)} divides a week", "give the dates in a file of assignments/")
        return self._work(text)

    def in_cycle(self, text: str) -> tuple[str, str]:
        """The cycle of a cell such as `core: W`, and what stands behind it; empty texts for any other cell."""
        head, colon, shown = text.partition(":")
        return (head.strip(), shown.strip()) if colon and head.strip() in self.frame.program.cycles else ("", "")


def _is_leave(text: str, program: Program) -> bool:
    """Whether it is, or begins like, a word for leave; `VAC 7/13` too."""
    word, _, _ = text.casefold().partition(" ")
    kinds = {"vacation", "leave", "pto", "loa", *(item.kind.casefold() for item in program.leave)}
    return len(word) >= _TOLD_APART and any(kind.startswith(word) for kind in kinds)
