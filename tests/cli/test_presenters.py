"""`ircal presenters`: told first, written when it is said."""

from __future__ import annotations

from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import EXAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return copytree(EXAMPLE, tmp_path / "example")


def test_turns_are_told_then_written_and_then_there_is_nothing_to_write(ircal: Ircal, config: Path) -> None:
    asked = ("presenters", "--config", str(config), "--until", "2027-01-31", "--conference", "mm")
    file = config / "presenters" / "mm.csv"
    before = file.read_text()
    told = ircal(*asked)
    assert told.code == 2
    assert told.out.splitlines()[0] == "Quality Improvement (M&M) conference (presenters/mm.csv)"
    assert told.out.splitlines()[1].startswith("  Wed 20 Jan 2027  ")
    assert told.out.splitlines()[-1] == "Nothing was written. With --apply it is."
    assert file.read_text() == before
    assert ircal(*asked, "--apply").code == 0
    assert file.read_text().startswith(f"{before}2027-01-20,")
    again = ircal(*asked)
    assert (again.code, again.out) == (0, "Everything up to that day has been made known.\n")
    assert ircal("check", "--config", str(config)).code == 0


@pytest.mark.parametrize(
    ("conference", "sentences"),
    [
        ("nesirs", ["There is no conference 'nesirs'.", "Did you mean 'nesir'?"]),
        ("nesir", ["NESIR evening meeting has no `presenter`."]),
    ],
)
def test_a_conference_without_presenters_is_a_sentence(ircal: Ircal, conference: str, sentences: list[str]) -> None:
    told = ircal("presenters", "--config", str(EXAMPLE), "--until", "2027-01-31", "--conference", conference)
    assert (told.code, told.err.splitlines()[: len(sentences)]) == (1, sentences)
