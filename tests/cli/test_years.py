"""`year draft`: the next academic year beside the current one, and what nobody sees of it before its day."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import EXAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal, Told

PROGRAMME = """
program:
  id: small
  name: Small programme
  timezone: America/New_York
  first_year: 2096  # long after today, whenever that is
  published: 2026-05-01T09:00:00-04:00
  first_pgy: 5
  last_pgy: 6
  grid: halves
grids:
  halves:
    kind: explicit
    years:
      2096: [{from: 2096-07-01, to: 2096-12-31}, {from: 2097-01-01, to: 2097-06-30}]
      2097: [{from: 2097-07-01, to: 2097-12-31}, {from: 2098-01-01, to: 2098-06-30}]
sites:
  west: {name: West Campus}
rotations:
  ir: {name: IR West, site: west, short: W}
  icu: {name: ICU, site: west}
cycles:
  core: {weeks: [ir, icu], epoch: 2096-07-02, offsets: {ash: 0, elm: 1}}
people:
  ash: {name: Robin Ash, role: resident, entered: 2095-07-01}
  elm: {name: Rafael Elm, role: resident, entered: 2096-07-01}
  fir: {name: Nkechi Fir, role: resident, entered: 2096-10-01}  # off-cycle
conferences:
  rounds: {name: Rounds, when: "Mo 07:00-07:30", site: west, audience: everyone, presenter: {pool: everyone}}
  aim: {name: AIM, site: west, audience: everyone, sessions: aim}
milestones:
  review: {name: Review, when: 2097-05-28}
calendars:
  residents: {each: resident}
  classes: {each: class}
  all: {name: Everything, kind: programme}
"""

BLOCKS = "resident,1,2\nash,core,W\nelm,icu,core\nfir,icu,icu\n"
DRAFT = ("year", "draft", "2097-98", "--published", "2097-05-01")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The folder of a programme that has planned the academic year 2096-97."""
    folder = tmp_path / "config"
    for name, text in {
        "programme.yaml": dedent(PROGRAMME),
        "blocks/2096-97.csv": BLOCKS,
        "assignments/2097.csv": "person,rotation,from,to\nfir,ir,2097-01-04,2097-01-10\n",
        "sessions/aim.csv": "date\n2096-11-12\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def feeds(ircal: Ircal, tmp_path: Path) -> dict[str, bytes]:
    """What is published, file by file."""
    assert ircal("build", "--out", "feeds").code == 0
    return {path.name: path.read_bytes() for path in (tmp_path / "feeds").iterdir()}


def drafted(ircal: Ircal) -> Told:
    told = ircal(*DRAFT, "--apply")
    assert told.code == 0
    return told


def test_the_draft_is_told_and_written_only_when_asked(ircal: Ircal, config: Path) -> None:
    told = ircal(*DRAFT)
    assert (told.code, told.err) == (2, "")
    assert told.out == (
        "2097-98, shown on calendars from 1 May 2097 on\n"
        "Gone by then\n"
        "  Robin Ash\n"
        "In the programme\n"
        "  Rafael Elm: PGY-6\n"
        "  Nkechi Fir: PGY-5, PGY-6 from 1 Oct 2097 on\n"
        "Places for the new class\n"
        "  New resident 1 of 2097 (new-2097-1)\n"
        "Still to be filled in\n"
        "  The block schedule.\n"
        "  programme.yaml:23: who follows in the cycle core? Free: the offset 0 of ash.\n"
        "  sessions/: no date yet of aim.\n"
        "  milestones: no date yet of 'Review'.\n"
        "  assignments/2097-98.csv: 2096-97 has 1 by dates (assignments/2097.csv).\n"
        "Nothing was written. With --apply, 2097-98.yaml and blocks/2097-98.csv are.\n"
    )
    assert sorted(path.name for path in config.rglob("2097-98*")) == []
    before = (config / "programme.yaml").read_text()
    written = drafted(ircal)
    assert written.out.splitlines()[-2:] == [
        "config/2097-98.yaml: written.",
        "config/blocks/2097-98.csv: written.",
    ]
    assert (config / "blocks" / "2097-98.csv").read_text() == "resident,1,2\nelm,,\nfir,,\nnew-2097-1,,\n"
    text = (config / "2097-98.yaml").read_text()
    assert text.endswith(
        "drafts:\n"
        "  2097-98: {published: 2097-05-01}\n"
        "people:\n"
        "  new-2097-1: {name: New resident 1 of 2097, role: resident, entered: 2097-07-01}\n"
    )
    assert (config / "programme.yaml").read_text() == before


def test_nothing_of_a_draft_is_published_before_its_day(ircal: Ircal, config: Path, tmp_path: Path) -> None:
    before = feeds(ircal, tmp_path)
    drafted(ircal)
    (config / "blocks" / "2097-98.csv").write_text("resident,1,2\nelm,W,icu\nfir,icu,W\nnew-2097-1,W,W\n")
    (config / "leave").mkdir()
    (config / "leave" / "2097-98.csv").write_text("person,kind,from,to\nelm,vacation,2097-08-01,2097-08-10\n")
    assert feeds(ircal, tmp_path) == before
    assert "resident-new-2097-1.ics" not in before


def test_a_draft_whose_day_has_come_is_published(ircal: Ircal, config: Path, tmp_path: Path) -> None:
    drafted(ircal)
    (config / "blocks" / "2097-98.csv").write_text("resident,1,2\nelm,W,icu\nfir,icu,W\nnew-2097-1,W,W\n")
    text = (config / "2097-98.yaml").read_text()
    (config / "2097-98.yaml").write_text(text.replace("published: 2097-05-01", "published: 2020-05-01"))
    assert b"IR West" in feeds(ircal, tmp_path)["resident-new-2097-1.ics"]
    told = ircal("check")
    assert (
        "2097-98.yaml:9: warning: 2097-98 has been published since 2020-05-01, and is a draft no more [draft-over]\n"
        "    take this entry out; then a resident without assignments is an error again\n"
    ) in told.out


def test_who_has_nothing_in_a_draft_is_a_warning(ircal: Ircal, config: Path) -> None:
    drafted(ircal)
    (config / "blocks" / "2097-98.csv").write_text("resident,1,2\nelm,W,icu\nfir,,\nnew-2097-1,W,W\n")
    told = ircal("check")
    assert told.code == 0
    assert (
        "2097-98.yaml:9: warning: Nkechi Fir: less than two weeks of assignments in 2097-98, which is published on "
        "2097-05-01 [draft-unfilled]\n"
    ) in told.out
    (config / "2097-98.yaml").write_text("people:\n  new-2097-1: {name: New, role: resident, entered: 2097-07-01}\n")
    told = ircal("check")
    assert (told.code, "[nothing-assigned]" in told.out) == (1, True)


def test_a_draft_goes_out_as_a_sheet_and_comes_back(ircal: Ircal, config: Path, tmp_path: Path) -> None:
    drafted(ircal)
    out = ircal("export", "schedule", "--out", "rota.csv", "--year", "2097")
    assert (out.code, out.err) == (0, "rota.csv: 3 residents by 2 blocks, 2097-98.\n")
    sheet = (tmp_path / "rota.csv").read_text("utf-8-sig")
    assert [line.split(",")[:2] for line in sheet.splitlines()[2:]] == [
        ["Rafael Elm", "6"],
        ["New resident 1 of 2097", "5"],
        ["Nkechi Fir", "5"],
    ]
    (tmp_path / "rota.csv").write_text(sheet.replace("Rafael Elm,6,,", "Rafael Elm,6,W,"))
    back = ircal("import", "rota.csv", "--apply")
    assert back.code == 0
    assert "  Mon 1 Jul 2097 to Tue 31 Dec 2097: nothing -> ir\n" in back.out
    note = "2097-98 is a draft: before 2097-05-01 it is shown here only, and on no calendar.\n"
    assert note in back.err
    assert (config / "blocks" / "2097-98.csv").read_text() == "resident,1,2\nelm,ir,\nfir,,\nnew-2097-1,,\n"
    shown = ircal("show", "occurrences", "--calendar", "resident-elm", "--from", "2097-07-01", "--to", "2097-07-02")
    assert ("IR West" in shown.out, note in shown.err) == (True, True)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            ("2098-99", "--published", "2097-05-01"),
            "The next academic year to be planned is 2097-98, not 2098-99.\nDraft 2097-98.\n",
        ),
        (
            ("--published", "2097-09-01"),
            (
                "2097-98 begins on 2097-07-01, before it would be published on 2097-09-01.\n"
                "Publish it on 2097-07-01 at the latest.\n"
            ),
        ),
    ],
)
def test_what_cannot_be_drafted_is_refused(ircal: Ircal, config: Path, said: tuple[str, ...], told: str) -> None:
    found = ircal("year", "draft", "--config", str(config), *said)
    assert (found.code, found.out, found.err) == (1, "", told)


def test_a_day_that_is_over_is_refused(ircal: Ircal, config: Path) -> None:
    found = ircal("year", "draft", "--config", str(config), "--published", "2020-05-01")
    assert found.code == 1
    assert found.err.startswith("2020-05-01 is not after today, ")


def test_what_people_see_already_is_not_taken_into_a_draft(ircal: Ircal, config: Path) -> None:
    (config / "leave").mkdir()
    (config / "leave" / "2097-98.csv").write_text("person,kind,from,to\nelm,vacation,2097-08-01,2097-08-10\n")
    found = ircal(*DRAFT, "--apply")
    assert found.code == 1
    assert found.err == (
        "leave/2097-98.csv would be taken off the calendars until 2097-05-01, with the rest of the draft.\n"
        "Give it a name without 2097-98, if what it says is to be seen.\n"
    )


def test_a_year_without_blocks_is_refused(ircal: Ircal, config: Path) -> None:
    drafted(ircal)
    found = ircal("year", "draft", "--published", "2098-05-01")
    assert (found.code, found.err) == (1, "The grid 'halves' has no blocks for 2098-99.\nAdd the year to it.\n")


@pytest.mark.parametrize("written", ["2097-99", "97-98", "next"])
def test_a_year_is_written_as_people_write_it(ircal: Ircal, config: Path, written: str) -> None:
    found = ircal("year", "draft", written, "--config", str(config), "--published", "2097-05-01")
    assert found.code == 64
    assert "Error: Invalid value for 'YEAR': " in found.err


def test_the_example_can_be_drafted(ircal: Ircal) -> None:
    assert ircal("year", "draft", "--config", str(EXAMPLE), "--published", "2028-05-01").code == 2
