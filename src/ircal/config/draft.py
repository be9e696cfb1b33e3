"""A Draft: everything that could be read, beside how it was written, for the cross-checks to look at.

It has the values that are right in themselves, while `written` knows of every id and line. So a name is unknown only
if nobody wrote it, and an entry that is wrong is told once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ircal.model.program import Settings
from ircal.rules.levels import class_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from ircal.config.placed import Written
    from ircal.model.program import Program
    from ircal.model.values import Value

STAND_IN = Settings(
    id="unknown",
    name="unknown",
    timezone="UTC",
    first_year=2000,
    published=datetime(2000, 1, 1, tzinfo=UTC),
    grid="unknown",
)
"""For a draft whose section `program` is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The programme as far as it could be read, and how it was written."""

    program: Program
    written: Written
    faulty: AbstractSet[str] = frozenset()
    """The files in which something is wrong by itself, so that a part of what they say is not here."""

    @property
    def settled(self) -> bool:
        """Whether the programme's settings are known, so that what depends on them can be judged."""
        return self.program.settings is not STAND_IN

    @property
    def sections(self) -> Mapping[str, Mapping[str, Value]]:
        """The values of the sections of the YAML files, by id."""
        program = self.program
        return {
            "program": {"program": program.settings} if self.settled else {},
            "people": program.people,
            "sites": program.sites,
            "rotations": program.rotations,
            "cycles": program.cycles,
            "grids": program.grids,
            "holidays": program.holidays,
            "conferences": program.conferences,
            "milestones": program.milestones,
            "overrides": {item.id: item for item in program.overrides},
            "texts": {"texts": program.texts},
            "swaps": {
                **{item.id: item for item in program.swaps},
                **{item.id: item for item in program.presenter_swaps},
            },
            "drafts": program.drafts,
            "checks": {"checks": program.checks},
        }

    def complete(self, section: str) -> bool:
        """Whether there are entries of the section, and every one could be read."""
        if not self.written.ids(section) or section in self.written.unreadable:
            return False
        return len(self.sections[section]) == len(self.written.ids(section))

    def classes(self) -> Iterator[int]:
        """The graduation year of each resident's class."""
        for person in self.program.residents:
            year = class_of(person, self.program)
            if year is not None:
                yield year
