"""The example programme's feeds as two other readers find them: what `show occurrences` says, no more and no less."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ircal.cli import run
from tests.cli.conftest import EXAMPLE
from tests.feeds.reading import Entry, by_icaljs, read_back, told, without_icaljs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal

CALENDARS = (
    "resident-elm",
    "resident-juniper",
    "class-2029",
    "site-west",
    "conference-teaching-rounds",
    "conference-mm",
)
WINDOW = ("--from", "2026-07-01", "--to", "2028-06-30")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all feeds of the example programme."""
    folder = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IRCAL_STATE_DIR", str(folder / "state"))
        assert run(("build", "--config", str(EXAMPLE), "--out", str(folder / "feeds"), *WINDOW)) == 0
    return folder / "feeds"


def shown(ircal: Ircal, calendar: str) -> list[Entry]:
    told_lines = ircal(
        "show", "occurrences", "--config", str(EXAMPLE), "--calendar", calendar, *WINDOW, "--format", "json"
    )
    return sorted(_entry(json.loads(line)) for line in told_lines.out.splitlines())


def _entry(item: dict[str, Any]) -> Entry:
    start, end = (told(_edge(item[name], all_day=item["all_day"])) for name in ("start", "end"))
    return Entry(start, end, item["uid"], item["summary"], item["status"], item["location"])


def _edge(text: str, *, all_day: bool) -> date | datetime:
    return date.fromisoformat(text) if all_day else datetime.fromisoformat(text)


@pytest.mark.parametrize("calendar", CALENDARS)
def test_recurring_ical_events_finds_the_same(ircal: Ircal, published: Path, calendar: str) -> None:
    assert read_back((published / f"{calendar}.ics").read_bytes()) == shown(ircal, calendar)


@pytest.mark.icaljs
@without_icaljs
@pytest.mark.parametrize("calendar", CALENDARS)
def test_icaljs_finds_the_same(ircal: Ircal, published: Path, calendar: str) -> None:
    assert by_icaljs(published / f"{calendar}.ics") == shown(ircal, calendar)


def test_the_index_counts_what_is_shown(ircal: Ircal, published: Path) -> None:
    counts = {each["id"]: each["occurrence_count"] for each in json.loads((published / "index.json").read_text())}
    assert {name: counts[name] for name in CALENDARS} == {name: len(shown(ircal, name)) for name in CALENDARS}
