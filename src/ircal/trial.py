"""A trial: what a sheet with a changed block schedule would change, while nothing is written.

    sheet --take--> proposal --load aside--> programme as it would be --compare--> what is different, for whom

`ircal import` and the page that previews an upload both show it. The programme as it is and as it would be are loaded
by one Recall, so that only what the sheet changes is worked out twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.errors import ProgramError
from ircal.exchange import LARGEST, Choice, heading, notes, propose, sheets_in, stretches, take
from ircal.model.program import Window
from ircal.recall import Recall
from ircal.views.changes import Tried, Who, changes_of
from ircal.wiring.programmes import check_program, difference_of, load_program, usual_window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ircal.difference import Difference
    from ircal.errors import Problem
    from ircal.exchange import Proposal, Sheet
    from ircal.model.program import Program
    from ircal.settings import Settings


@dataclass(frozen=True, slots=True)
class Trial:
    """The programme as it is and as it would be, what is different, and what there is to look at besides."""

    before: Program
    after: Program
    difference: Difference
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """The programme as it is, with the recall that loaded it: what sheets are tried on. For one thread at a time."""

    program: Program
    settings: Settings
    recall: Recall

    @classmethod
    def of(cls, settings: Settings) -> Bench:
        """That of the configuration. Raises ProgramError."""
        recall = Recall()
        return cls(load_program(settings, recall=recall), settings, recall)

    def proposal(self, sheets: Sequence[Sheet], choice: Choice) -> Proposal:
        """What a sheet changes in the block schedule. Raises ScheduleRefused, SheetUnreadable, IrcalError."""
        return propose(take(sheets, self.program, choice), self.settings.config)

    def year(self, proposal: Proposal) -> Window:
        """The academic year that a proposal is about."""
        year = proposal.taken.frame.year
        return Window(self.program.year_start(year), self.program.year_start(year + 1))

    def tried(self, proposal: Proposal) -> Trial:
        """What would be different in the years that calendars show, and in that of the sheet.

        Raises ScheduleRefused with all that would be wrong with the programme.
        """
        before = {(each.code, each.message) for each in check_program(self.program, self.settings)[0]}
        try:
            after = load_program(self.settings, proposal.files, self.recall)
        except ProgramError as error:
            raise proposal.refusal(error.problems) from None
        fresh = [each for each in check_program(after, self.settings)[0] if (each.code, each.message) not in before]
        if errors := [problem for problem in fresh if problem.severity == "error"]:
            raise proposal.refusal(errors)
        usual, year = usual_window(self.program, self.settings), self.year(proposal)
        window = Window(min(usual.start, year.start), max(usual.end, year.end))
        found = difference_of(self.program, after, window, self.recall)
        return Trial(self.program, after, found, tuple(fresh))


class SheetTrier:
    """Tries sheets out for a page; a `Trier` of `ircal.web`. Each time the configuration is read as it is then."""

    largest = LARGEST

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def tried(self, data: bytes, file: str, sheet: str = "", year: int | None = None) -> Tried:
        """What the sheet would change. Raises SheetUnreadable, ScheduleRefused, ProgramError, IrcalError."""
        bench = Bench.of(self._settings)
        proposal = bench.proposal(sheets_in(data, file), Choice(sheet or None, year))
        if not proposal.changed:
            return Tried(file, heading(proposal.taken), notes=tuple(notes(proposal)))
        trial = bench.tried(proposal)
        people = bench.program.people
        return Tried(
            file,
            heading(proposal.taken),
            tuple((Who(name, people[name].name), lines) for name, lines in stretches(proposal).items()),
            changes_of(trial.difference, trial.before, trial.after),
            trial.warnings,
            tuple(notes(proposal)),
        )
