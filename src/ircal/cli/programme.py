"""`check`, `build` and `schema`: what can be done with the programme's files alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ircal.cli import output
from ircal.cli.options import config_option, settings_of_all, window_of, window_options
from ircal.cli.parameters import Text
from ircal.cli.report import draw, report_json
from ircal.cli.several import each_programme, over_all
from ircal.errors import Problem, ProgramError
from ircal.model.place import Place
from ircal.publish import write_file
from ircal.views.checked import Checked
from ircal.wiring.programmes import check_program, load_program, load_published, place_of, publish_feeds

if TYPE_CHECKING:
    from datetime import date

    from ircal.settings import Settings


@click.command(epilog="Example: ircal check --config config --format json")
@config_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@click.option("--report", "reported", is_flag=True, help="Add a summary of the plan: coverage, requirements, spread.")
def check(config: str | None, form: str, *, reported: bool) -> int:
    """Tell whether the programme is right, with every problem and its place.

    Exits with 0 when it is, with 1 when there is any error; warnings alone do not change that.
    Of very many problems the first 50 are printed. JSON is one object with `ok` and the list `problems`, which has all,
    and with `report` if one is asked for; for several programmes it has such an object for each, in `programmes`.
    """
    every = each_programme(settings_of_all(config))
    found = _with_clashes({name: _checked(own) for name, own in every.items()})
    if form == "text":
        return over_all(every, lambda own: _told(found[own.programme or ""].checked, reported=reported))
    bodies = {name: _json(each.checked, reported=reported) for name, each in found.items()}
    failed = any(each.checked.errors for each in found.values())
    [first, *more] = bodies.values()
    body = {"ok": not failed, "programmes": bodies} if more else first
    output.say(output.json_text(body, indent=2))
    return 1 if failed else 0


class _Found(NamedTuple):
    """What is told of a programme, and its id, if it could be read."""

    checked: Checked
    id: str = ""


def _checked(settings: Settings) -> _Found:
    try:
        program = load_program(settings)
        return _Found(Checked(*check_program(program, settings)), program.settings.id)
    except ProgramError as error:
        return _Found(Checked(error.problems))


def _with_clashes(found: dict[str, _Found]) -> dict[str, _Found]:
    """The same, with an error for each programme that has the id of one before it: their events would be the same."""
    owners: dict[str, str] = {}
    for name, (checked, known) in found.items():
        if known and (owner := owners.setdefault(known, name)) != name:
            hint = "give each programme an id of its own; the UIDs of its events and its mark in Google come of it"
            clash = Problem("same-programme", f"the programme '{owner}' has the id '{known}' too", Place("."), hint)
            found[name] = _Found(replace(checked, problems=(*checked.problems, clash)), known)
    return found


def _json(checked: Checked, *, reported: bool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "ok": not checked.errors,
        "problems": [output.problem_json(each) for each in checked.problems],
    }
    if reported and checked.report:
        body["report"] = report_json(checked.report)
    return body


def _told(checked: Checked, *, reported: bool) -> int:
    output.problems(checked.problems)
    if reported and checked.report:
        draw(checked.report, output.console())
    output.say(checked.verdict)
    return 1 if checked.errors else 0


@click.command(epilog="Example: ircal build --out public --from 2026-07-01 --to 2027-06-30")
@config_option
@click.option(
    "--out", type=Text(), required=True, metavar="DIR|URL", help="A folder, or s3://, gs://, az:// bucket/prefix."
)
@click.option("--all/--public-only", "everything", default=None, help="Which calendars; see above.")
@window_options
def build(config: str | None, out: str, everything: bool | None, first: date | None, last: date | None) -> int:
    """Write every feed into a folder, or the public ones into an object store.

    Each calendar becomes `<calendar id>.ics`; `index.json` lists them with id, name, file, kind and occurrence_count.
    Files are replaced whole, only where something changed, and feeds that are no longer wanted are removed.

    A folder gets every calendar. An object store gets those that the programme makes `public`, since the names of
    the others are easy to guess and a bucket behind a CDN is open to all; `--all` writes them too. The credentials
    are taken from the environment (AWS_..., GOOGLE_..., AZURE_...), never from the URL. Of several programmes each gets
    a folder of its name.
    """

    def do(own: Settings) -> None:
        _build(own, f"{out.rstrip('/')}/{own.programme}" if own.programme else out, everything, (first, last))

    return over_all(each_programme(settings_of_all(config)), do, output.note)


def _build(settings: Settings, out: str, everything: bool | None, days: tuple[date | None, date | None]) -> None:
    place = place_of(out, settings)
    program = load_published(settings)
    window = window_of(program, settings, *days)
    place.look()
    public_only = place.open_to_all if everything is None else not everything
    published = publish_feeds(program, settings, window, place, public_only=public_only)
    output.note(
        f"{out}: {len(published.written)} written, {len(published.unchanged)} unchanged, "
        f"{len(published.removed)} removed."
    )
    if private := [each for each in program.calendars.values() if not each.public]:
        _told_private(len(private), left_out=public_only, asked=everything is not None, open_to_all=place.open_to_all)


def _told_private(count: int, *, left_out: bool, asked: bool, open_to_all: bool) -> None:
    noun = f"{count} calendar{' that is' if count == 1 else 's that are'} not public"
    if left_out and not asked:
        output.note(f"{noun}: left out. Only where not everybody may read, publish with --all.")
    elif open_to_all and not left_out:
        output.note(f"{noun}: published under names that are easy to guess. See that not everybody may read there.")


@click.command(epilog="Example: ircal schema --out config/ircal.schema.json")
@click.option("--out", type=Text(), metavar="FILE", help="Write it there instead of printing it.")
def schema(out: str | None) -> None:
    """Print the JSON Schema that editors complete the YAML files from."""
    from ircal.config import json_schema

    if out is None:
        output.say(output.json_text(json_schema(), indent=2))
    else:
        text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
        write_file(Path(out), text.encode())
