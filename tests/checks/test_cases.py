"""Each check by example: what is laid over the small programme (`=== <file>`), and what is then told (`=== told`).

Set IRCAL_UPDATE_GOLDEN=1 to write the answers anew, and read the difference in git.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from ircal.checks.registry import CONSTRAINTS
from ircal.model.checks import Code
from tests.cases import is_told_as_written

if TYPE_CHECKING:
    from tests.checks.conftest import Folder

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "checks.md"
OF_THE_RULES = {code for code in get_args(Code) if code.startswith(("presenter-", "topic-"))}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_what_is_found_is_told_as_written(case: Path, folder: Folder) -> None:
    is_told_as_written(case, folder, folder.found)


def test_nothing_is_wrong_with_the_small_programme(folder: Folder) -> None:
    assert folder.found() == ()


def test_every_code_has_a_case() -> None:
    told = {
        code
        for case in CASES
        for code in re.findall(r"\[([a-z-]+)\]$", case.read_text().split("=== told")[1], re.MULTILINE)
    }
    assert told >= {*get_args(Code), "suppress-unused"}


def test_every_code_can_be_found_and_be_suppressed() -> None:
    found = {code for constraint in CONSTRAINTS for code in constraint.codes}
    assert found | OF_THE_RULES == set(get_args(Code))


def test_every_code_is_explained() -> None:
    rows = re.findall(r"^\| (`.*?`) \|", PAGE.read_text(), re.MULTILINE)
    assert {code for row in rows for code in re.findall(r"`([a-z-]+)`", row)} >= {*get_args(Code), "suppress-unused"}
