"""`check`, `build` and `schema`: what can be done with the programme's files alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ircal.cli import output
from ircal.cli.options import config_option, settings_of, window_of, window_options
from ircal.errors import ProgramError
from ircal.wiring import check_program, load_program, publish_feeds

if TYPE_CHECKING:
    from datetime import date


@click.command(epilog="Example: ircal check --config config --format json")
@config_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def check(config: str | None, form: str) -> int:
    """Tell whether the programme is right, with every problem and its place.

    Exits with 0 when it is, with 1 when there is any error; warnings alone do not change that.
    JSON is one object with `ok` and the list `problems`.
    """
    settings = settings_of(config)
    try:
        program = load_program(settings)
        found = check_program(program, settings)
    except ProgramError as error:
        program, found = None, error.problems
    failed = any(problem.severity == "error" for problem in found)
    if form == "json":
        output.say(json.dumps({"ok": not failed, "problems": [output.problem_json(each) for each in found]}, indent=2))
    else:
        output.problems(found)
        output.say(_verdict(len(found), failed=failed))
    return 1 if failed else 0


def _verdict(count: int, *, failed: bool) -> str:
    if not count:
        return "The programme is right."
    noun = f"{count} problem{'' if count == 1 else 's'}"
    return (
        f"{noun}; the programme cannot be published." if failed else f"The programme is right, with {noun} to look at."
    )


@click.command(epilog="Example: ircal build --out public --from 2026-07-01 --to 2027-06-30")
@config_option
@click.option("--out", required=True, metavar="DIR", help="The folder; made when it is not there.")
@window_options
def build(config: str | None, out: str, first: date | None, last: date | None) -> None:
    """Write every feed into a folder.

    Each calendar becomes `<calendar id>.ics`; `index.json` lists them with id, name, file, kind and occurrence_count.
    Files are replaced whole, only where something changed, and feeds that are no longer wanted are removed.
    """
    settings = settings_of(config)
    program = load_program(settings)
    published = publish_feeds(program, settings, window_of(program, settings, first, last), Path(out))
    output.note(
        f"{out}: {len(published.written)} written, {len(published.unchanged)} unchanged, "
        f"{len(published.removed)} removed."
    )


@click.command(epilog="Example: ircal schema --out config/ircal.schema.json")
@click.option("--out", metavar="FILE", help="Write it there instead of printing it.")
def schema(out: str | None) -> None:
    """Print the JSON Schema that editors complete the YAML files from."""
    from ircal.config import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        Path(out).write_text(text, encoding="utf-8")
