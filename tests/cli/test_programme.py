"""`check`, `build`, `schema`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest
from icalendar import Calendar

from tests.cli.conftest import EXAMPLE, edit, rounds

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal


def test_the_example_programme_is_right(ircal: Ircal) -> None:
    told = ircal("check", "--config", str(EXAMPLE))
    assert (told.code, told.out, told.err) == (0, "The programme is right.\n", "")


def test_a_narrow_window_does_not_make_a_right_programme_wrong(ircal: Ircal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRCAL_WINDOW_YEARS", "1")
    assert ircal("check", "--config", str(EXAMPLE)).code == 0


def test_config_may_stand_before_the_command_or_in_the_environment(
    ircal: Ircal, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ircal("--config", str(small), "check").code == 0
    monkeypatch.setenv("IRCAL_CONFIG", str(small))
    assert ircal("check").code == 0


def test_all_problems_are_told_at_once_with_their_places(ircal: Ircal, small: Path) -> None:
    edit(small, "site: west, short", "site: wets, short")
    edit(small, 'when: "Mo-Fr 07:00-07:30"', 'when: "Mo-Fr 07:30"')
    (small / "blocks" / "2026-27.csv").write_text("resident,1,2\nahs,ir,ri\n")
    told = ircal("check", "--config", str(small), "--format", "json")
    answer = json.loads(told.out)
    assert told.code == 1
    assert answer["ok"] is False
    places = {(each["file"], each["line"], each["column"]) for each in answer["problems"]}
    assert {("programme.yaml", 14, ""), ("programme.yaml", 18, "")} <= places
    assert {(file, line) for file, line, _ in places if file.endswith("csv")} == {("blocks/2026-27.csv", 2)}
    assert "Traceback" not in told.err


def test_of_very_many_problems_the_first_are_printed(ircal: Ircal, small: Path) -> None:
    rows = "".join(f"r{number},ir\n" for number in range(60))
    (small / "blocks" / "2026-27.csv").write_text(f"resident,1\n{rows}")
    told = ircal("check", "--config", str(small))
    *lines, more, verdict = told.out.splitlines()
    assert [len([line for line in lines if "unknown-person" in line]), more] == [
        50,
        "... and 10 more; mend these first.",
    ]
    assert verdict == "60 problems; the programme cannot be published."
    assert ircal("plan", "--config", str(small)).err.count("unknown-person") == 50
    answer = json.loads(ircal("check", "--config", str(small), "--format", "json").out)
    assert len(answer["problems"]) == 60


@pytest.mark.parametrize(
    "command", [("check",), ("build", "--out", "public"), ("plan",), ("sync",), ("show", "schedule")]
)
def test_a_missing_folder_is_a_sentence(ircal: Ircal, command: tuple[str, ...], tmp_path: Path) -> None:
    told = ircal(*command, "--config", "nowhere")
    assert told.code == 1
    assert "nowhere" in told.out + told.err
    assert not (tmp_path / "public").exists()


def test_a_time_that_the_clock_skips_is_a_problem_of_its_line(ircal: Ircal, small: Path) -> None:
    edit(small, '"Mo-Fr 07:00-07:30"', '"Su 02:30-03:30"')
    told = ircal("check", "--config", str(small))
    assert told.code == 1
    assert "programme.yaml:18" in told.out
    assert "Sun 2027-03-14 02:30" in told.out


def test_an_empty_calendar_is_a_problem(ircal: Ircal, small: Path) -> None:
    edit(small, "kind: conference, of: rounds, public: true", "kind: rotation, of: ir, contents: [duties]")
    told = ircal("check", "--config", str(small))
    assert told.code == 1
    assert "calendar-empty" in told.out
    assert "programme.yaml:21" in told.out


def test_check_finds_what_would_stop_the_making_of_feeds(ircal: Ircal, small: Path) -> None:
    (small / "overrides.yaml").write_text(
        "overrides:\n  again:\n    conference: rounds\n    date: 2026-11-02\n    add: {topic: The same hour}\n"
    )
    told = ircal("check", "--config", str(small), "--format", "json")
    (problem,) = json.loads(told.out)["problems"]
    assert (told.code, problem["code"]) == (1, "same-session-twice")
    assert (problem["file"], problem["line"]) == ("overrides.yaml", 2)
    for command in (("build", "--out", "public"), ("show", "occurrences", "--calendar", "rounds")):
        refused = ircal(*command, "--config", str(small))
        assert (refused.code, problem["message"] in refused.err) == (1, True), command


def test_the_calendar_of_somebody_who_is_not_here_is_empty_and_a_warning(
    ircal: Ircal, small: Path, tmp_path: Path
) -> None:
    ash = "  ash: {name: Robin Ash, role: resident, entered: 2026-07-01}\n"
    new = "  new: {name: New, role: resident, entered: 2050-07-01}\n"
    old = "  old: {name: Old, role: resident, entered: 2020-07-01}\n"
    edit(small, ash, ash + new + old)
    edit(small, "calendars:\n", "calendars:\n  own: {each: resident}\n  years: {each: class}\n")
    told = ircal("check", "--config", str(small))
    assert told.code == 0
    assert [line for line in told.out.splitlines() if not line.startswith(" ")] == [
        f"programme.yaml:{line}: warning: the calendar {name} has no entry from 2026-07-01 on: {why} [calendar-empty]"
        for line, name, why in (
            (22, "resident-new (New)", "resident new enters on 2050-07-01"),
            (22, "resident-old (Old)", "resident old left on 2025-06-30"),
            (23, "class-2025 (Class of 2025)", "class 2025 left on 2025-06-30"),
            (23, "class-2055 (Class of 2055)", "class 2055 enters on 2050-07-01"),
        )
    ] + ["The programme is right, with 4 problems to look at."]
    out = tmp_path / "public"
    assert ircal("build", "--config", str(small), "--out", str(out)).code == 0
    assert b"BEGIN:VEVENT" not in (out / "resident-new.ics").read_bytes()


def test_build_writes_every_feed_and_an_index(ircal: Ircal, small: Path, tmp_path: Path) -> None:
    out = tmp_path / "public"
    assert ircal("build", "--config", str(small), "--out", str(out)).code == 0
    assert sorted(path.name for path in out.iterdir()) == ["ash.ics", "index.json", "rounds.ics"]
    index = json.loads((out / "index.json").read_text())
    assert [(each["id"], each["name"], each["file"], each["kind"]) for each in index] == [
        ("ash", "Robin Ash", "ash.ics", "resident"),
        ("rounds", "Rounds", "rounds.ics", "conference"),
    ]
    for entry in index:
        assert Calendar.from_ical((out / entry["file"]).read_bytes())["X-WR-CALNAME"] == entry["name"]


def test_building_twice_gives_the_same_bytes_with_and_without_a_memory(
    ircal: Ircal, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(name: str) -> dict[str, bytes]:
        assert ircal("build", "--config", str(small), "--out", name).code == 0
        return {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}

    first = built("one")
    assert built("two") == first
    monkeypatch.setenv("IRCAL_STATE_DIR", str(tmp_path / "forgotten"))
    assert built("three") == first


def test_a_bad_programme_leaves_the_published_feeds_alone(ircal: Ircal, small: Path, tmp_path: Path) -> None:
    ircal("build", "--config", str(small), "--out", "public")
    before = {path.name: path.read_bytes() for path in (tmp_path / "public").iterdir()}
    edit(small, "of: rounds, public", "of: round, public")
    told = ircal("build", "--config", str(small), "--out", "public")
    assert told.code == 1
    assert "did you mean" in (told.out + told.err).lower()
    assert {path.name: path.read_bytes() for path in (tmp_path / "public").iterdir()} == before


def test_a_narrow_build_holds_only_its_days_under_the_same_uids(ircal: Ircal, small: Path, tmp_path: Path) -> None:
    ircal("build", "--config", str(small), "--out", "year")
    ircal("build", "--config", str(small), "--out", "week", "--from", "2026-11-02", "--to", "2026-11-03")
    year, week = (Calendar.from_ical((tmp_path / name / "rounds.ics").read_bytes()) for name in ("year", "week"))
    assert {str(event["UID"]) for event in week.walk("VEVENT")} <= {str(event["UID"]) for event in year.walk("VEVENT")}
    told = rounds(ircal, small, "2026-11-02", "2026-11-03", "--format", "json")
    found = [json.loads(line) for line in told.out.splitlines()]
    assert [each["start"] for each in found] == ["2026-11-02T07:00:00-05:00", "2026-11-03T07:00:00-05:00"]
    assert {each["uid"] for each in found} == {str(event["UID"]) for event in week.walk("VEVENT")}


def test_the_shipped_schema_is_the_present_one_and_a_schema(ircal: Ircal) -> None:
    told = ircal("schema")
    assert told.out == (EXAMPLE / "ircal.schema.json").read_text(), "run `make schema`"
    jsonschema.Draft202012Validator.check_schema(json.loads(told.out))


def test_feeds_without_a_single_event_are_not_written_over_good_ones(ircal: Ircal, small: Path, tmp_path: Path) -> None:
    (small / "sessions").mkdir()
    (small / "sessions" / "rounds.csv").write_text("date,start,end\n2026-07-02,07:00,07:30\n")
    edit(small, 'when: "Mo-Fr 07:00-07:30"', "sessions: rounds")
    ircal("build", "--config", str(small), "--out", "public")
    before = {path.name: path.read_bytes() for path in (tmp_path / "public").iterdir()}
    for first, last in (("1999-01-01", "1999-12-31"), ("2040-01-01", "2040-12-31")):
        told = ircal("build", "--config", str(small), "--out", "public", "--from", first, "--to", last)
        assert told.code == 1
        assert f"The programme has nothing from {first} to {last}" in told.err
        assert "2026-07-01" in told.err
    assert {path.name: path.read_bytes() for path in (tmp_path / "public").iterdir()} == before


def test_the_schema_is_written_whole(ircal: Ircal, tmp_path: Path) -> None:
    assert ircal("schema", "--out", "schema.json").code == 0
    assert (tmp_path / "schema.json").read_text() == (EXAMPLE / "ircal.schema.json").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["schema.json"]


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("nowhere/schema.json", "nowhere/schema.json cannot be written: No such file or directory."),
        (".", ". is a folder where a file should be."),
        ("file/schema.json", "file/schema.json is not a folder."),
    ],
)
def test_a_schema_that_cannot_be_written_is_a_sentence(ircal: Ircal, tmp_path: Path, out: str, sentence: str) -> None:
    (tmp_path / "file").touch()
    told = ircal("schema", "--out", out)
    assert (told.code, told.err.splitlines()[0]) == (1, sentence)


def test_what_is_no_file_stays_what_it_is(ircal: Ircal, tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to("/dev/null")
    assert ircal("schema", "--out", "link.json").code == 0
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "link.json").is_char_device()


HOLES = """
checks:
  coverage:
    west: {name: IR West, count: {rotation: ir}, min: 2}
  requirements:
    ir: {name: IR, count: {rotation: ir}, weeks: 300}
"""


def test_what_the_plan_falls_short_of_is_a_warning(ircal: Ircal, small: Path) -> None:
    (small / "checks.yaml").write_text(HOLES)
    told = ircal("check", "--config", str(small))
    assert told.code == 0
    assert "checks.yaml:4: warning: IR West: 1 instead of at least 2, from 2026-07-01 to " in told.out
    assert told.out.endswith("The programme is right, with 2 problems to look at.\n")
    assert ircal("build", "--config", str(small), "--out", "public").code == 0


def test_warnings_come_after_errors_and_say_whom_and_when_to_machines(ircal: Ircal, small: Path) -> None:
    (small / "checks.yaml").write_text(HOLES)
    edit(small, "kind: conference, of: rounds, public: true", "kind: rotation, of: ir, contents: [duties]")
    answer = json.loads(ircal("check", "--config", str(small), "--format", "json").out)
    assert answer["ok"] is False
    assert "report" not in answer
    empty, _, short = answer["problems"]
    assert [each["code"] for each in answer["problems"]] == ["calendar-empty", "coverage-low", "requirement-short"]
    assert "scope" not in empty
    assert short["scope"] == {"people": ["ash"], "of": ["ir"], "days": []}


def test_the_report_shows_coverage_and_progress(ircal: Ircal, small: Path) -> None:
    (small / "checks.yaml").write_text(HOLES)
    told = ircal("check", "--config", str(small), "--report")
    assert told.code == 0
    assert "Planned from 2026-07-01 to 2026-08-23" in told.out
    assert ["IR", "West", "2+", "1", "1", "8", "8"] in [line.split() for line in told.out.splitlines()]
    assert ["2031", "Robin", "Ash", "7/300!"] in [line.split() for line in told.out.splitlines()]
    assert "To look at: 1 coverage-low, 1 requirement-short" in told.out


def test_the_report_as_json(ircal: Ircal, small: Path) -> None:
    (small / "checks.yaml").write_text(HOLES)
    report = json.loads(ircal("check", "--config", str(small), "--report", "--format", "json").out)["report"]
    assert (report["from"], report["to"]) == ("2026-07-01", "2026-08-23")
    (west,) = report["coverage"]
    assert west == {
        "id": "west",
        "min": 2,
        "max": None,
        "fewest": 1,
        "most": 1,
        "weeks": 8,
        "weeks_low": 8,
        "weeks_high": 0,
    }
    (ash,) = report["residents"]
    assert ash["requirements"]["ir"] == {
        "weeks": 7.7,
        "required": 300,
        "open_weeks": 253.1,
        "missing_weeks": 39.1,
        "met": False,
        "known": True,
    }
    assert report["found"] == {"coverage-low": 1, "requirement-short": 1}


def test_there_is_no_report_of_a_programme_that_cannot_be_read(ircal: Ircal, small: Path) -> None:
    edit(small, "site: west, short", "site: wets, short")
    told = ircal("check", "--config", str(small), "--report")
    assert (told.code, "Planned" in told.out) == (1, False)
