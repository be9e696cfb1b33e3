"""`diff`: what would change on people's calendars, between two versions of the programme."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from ircal.cli import DIFFERENT, output
from ircal.cli.options import config_option, note_drafts, settings_of, window_of, window_options
from ircal.cli.parameters import Text
from ircal.cli.show import occurrence_json
from ircal.errors import ProgramError
from ircal.history import folder_at
from ircal.recall import Recall
from ircal.views.changes import changes_of, person_called
from ircal.wiring.programmes import difference_of, load_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ircal.difference import Difference, Edit
    from ircal.model.program import Program
    from ircal.settings import Settings
    from ircal.views.changes import Changes


@click.command(epilog="Example: ircal diff git:HEAD~1 config --format json")
@config_option
@click.argument("old", type=Text(), metavar="OLD")
@click.argument("new", type=Text(), metavar="NEW", required=False)
@window_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def diff(  # noqa: PLR0913 each is an option
    config: str | None, old: str, new: str | None, *, first: date | None, last: date | None, form: str
) -> int:
    """Tell what would change between two states of the programme.

    What is told is for whom and on which calendar, from OLD to NEW (default: the configuration as it is). Each is a
    folder, or git:REV for what the configuration folder was at a revision, or git:REV:PATH for another folder of its
    repository. Text is by person and date, then by calendar. JSON is one object a line: of (person or calendar), id,
    name, change (added, removed, cancelled, restored, moved, retitled, changed), before, after, differences.

    Exits with 0 when nothing would change, with 2 when something would, with 1 when one of them cannot be read.
    """
    settings = settings_of(config)
    with ExitStack() as stack:
        sources = (old, new or str(settings.config))
        folders = [stack.enter_context(folder_at(each, settings.config)) for each in sources]
        stack.enter_context(output.working("Working out both programmes"))
        recall = Recall()
        before, after = (_program(*each, settings, recall) for each in zip(sources, folders, strict=True))
        window = window_of(after, settings, first, last)
        found = difference_of(before, after, window, recall)
    note_drafts(after, window)
    if form == "json":
        for value in _json(found, before, after):
            output.json_line(value)
    else:
        changes = changes_of(found, before, after)
        _tell(changes)
        output.note(f"{window.start} to {window.end - timedelta(days=1)}: {changes.verdict}")
    return DIFFERENT if not found.nothing else 0


def _program(source: str, folder: Path, settings: Settings, recall: Recall) -> Program:
    """One of the two programmes; where it is wrong, which of them that is."""
    try:
        return load_program(settings.model_copy(update={"config": folder}), recall=recall)
    except ProgramError:
        output.note(f"In {source}:")
        raise


def _tell(changes: Changes) -> None:
    for change in changes.people:
        output.say(", ".join(who.name for who in change.people))
        for line in change.lines:
            output.say(f"  {line}")
        output.say()
    if changes.calendars:
        output.say("Calendars")
        for each in changes.calendars:
            output.say(f"  {each.id} ({each.name}): {each.counts}")


def _json(found: Difference, before: Program, after: Program) -> Iterator[dict[str, Any]]:
    for of, edits_by, name_of in (
        ("person", found.people, person_called),
        ("calendar", found.calendars, _calendar_name),
    ):
        for name, edits in edits_by.items():
            title = name_of(name, before, after)
            for edit in edits:
                yield {"of": of, "id": name, "name": title, **_edit_json(edit)}


def _calendar_name(name: str, before: Program, after: Program) -> str:
    return (after.calendars.get(name) or before.calendars[name]).name


def _edit_json(edit: Edit) -> dict[str, Any]:
    return {
        "change": edit.kind,
        "date": edit.either.first_day.isoformat(),
        "before": occurrence_json(edit.before) if edit.before else None,
        "after": occurrence_json(edit.after) if edit.after else None,
        "differences": list(edit.differences),
    }
