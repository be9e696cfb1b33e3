"""What the commands for Google calendars share: which calendars, progress, a line for each, what went wrong."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from ircal.cli import SOME_FAILED, exit_code, output
from ircal.cli.options import calendar_of
from ircal.cli.parameters import Text
from ircal.errors import IrcalError, RemoteError
from ircal.plan import titled
from ircal.service.runs.telling import summary
from ircal.wiring.google import google_calendars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import Console
    from rich.progress import Progress, TaskID

    from ircal.model.program import Calendar, Program
    from ircal.plan import Plan
    from ircal.sync import Journal, Outcome, Synced

calendar_option = click.option("--calendar", "name", type=Text(), metavar="ID", help="Only this calendar.")


def allow_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--allow-large-changes` and `--allow-soon`, for once."""
    large = "Do what the guard would refuse. Look at the plan first."
    soon = "Remove or move most of what starts soon."
    command = click.option("--allow-soon", is_flag=True, help=soon)(command)
    return click.option("--allow-large-changes", is_flag=True, help=large)(command)


def chosen_calendars(program: Program, name: str | None) -> list[Calendar]:
    """The calendars that are pushed to Google, or the one of that id. Says so where there is none.

    Raises IrcalError for a calendar that is not there, or is not pushed.
    """
    if name is not None and not calendar_of(program, name).google:
        message = f"The calendar {name} is not pushed to Google."
        raise IrcalError(message, f"Give it a Google calendar: `google: ...` ({program.calendars[name].place}).")
    chosen = google_calendars(program, name)
    if not chosen:
        output.note("No calendar of the programme names a Google calendar, so there is nothing to sync.")
    return chosen


def told_errors(failed: Iterable[tuple[str, RemoteError]], *, others: bool) -> int:
    """Say which calendars have failed, each error once; the exit code for that, be there `others` that are well."""
    errors: dict[RemoteError, list[str]] = {}
    for calendar, error in failed:
        errors.setdefault(error, []).append(calendar)
    for error, calendars in errors.items():
        output.error(RemoteError(f"{', '.join(calendars)}: {error.message}", error.remedy))
    if not errors:
        return 0
    return SOME_FAILED if others else exit_code(RemoteError(""))


def told_of(done: Iterable[Synced]) -> int:
    """The same for what became of a plan or a sync."""
    done = tuple(done)
    failed = [(f"{each.plan.name} ({each.plan.calendar})", each.error) for each in done if each.error]
    return told_errors(failed, others=len(failed) < len(done))


def told_done(done: Sequence[Synced]) -> int:
    """Say what became of each calendar, and of each change that failed; the exit code for that."""
    for synced in done:
        output.say(summary(synced))
        for told in synced.plan.notes if synced.outcomes or not synced.error else ():
            output.say(f"    {told}")
        for outcome in synced.failed:
            output.say(f"    {titled(outcome.change)}: {outcome.error}")
    return told_of(done) or (SOME_FAILED if any(synced.failed or synced.plan.held for synced in done) else 0)


@contextmanager
def progress(journal: Journal) -> Iterator[Journal]:
    """A journal that also draws on a terminal how far the run is; in a job it is the journal itself."""
    if not sys.stderr.isatty():
        yield journal
        return
    from rich.console import Console

    with bars(Console(stderr=True)) as drawn:
        yield Drawn(journal, drawn)


def bars(console: Console) -> Progress:
    """A bar for each calendar, with how many of its changes are made; they are gone when the run is over."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    drawn = Progress(*columns, console=console, transient=True)
    drawn.add_task("Comparing the calendars", total=None)
    return drawn


@dataclass
class Drawn:
    """Draws what is done on the way to the journal."""

    journal: Journal
    bars: Progress
    tasks: dict[str, TaskID] = field(default_factory=dict)

    def record(self, plan: Plan, outcome: Outcome) -> None:
        """Write down what became of a change, and draw it."""
        self.journal.record(plan, outcome)
        if not self.tasks:  # what was compared is known now
            self.bars.update(self.bars.task_ids[0], visible=False)
        if plan.calendar not in self.tasks:
            self.tasks[plan.calendar] = self.bars.add_task(plan.name, total=len(plan.changes))
        self.bars.advance(self.tasks[plan.calendar])
