"""The examples of docs/reference/configuration.md are one programme that loads, and its table of codes is complete."""

from __future__ import annotations

import re
from pathlib import Path

from ircal.config import load

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "configuration.md"
SOURCES = Path(__file__).parents[2] / "src" / "ircal" / "config"
EXAMPLE = re.compile(r"^```(?:yaml|csv) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_examples_load_as_one_programme(tmp_path: Path) -> None:
    for name, text in EXAMPLE.findall(PAGE.read_text()):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    program = load(tmp_path)
    assert sorted(program.people) == ["birch", "elm", "hazel", "maple"]
    assert sorted(program.calendars) == [
        "class-2027",
        "class-2029",
        "class-2031",
        "desk",
        "didactics",
        "everything",
        "resident-birch",
        "resident-elm",
        "resident-maple",
        "site-east",
        "site-west",
    ]


def test_every_block_of_the_page_names_its_file() -> None:
    text = PAGE.read_text()
    assert len(EXAMPLE.findall(text)) * 2 == text.count("```")


def test_every_code_is_explained() -> None:
    table = PAGE.read_text().partition("## What is checked")[2]
    explained = set(re.findall(r"`([a-z0-9-]+)`", table))
    explained |= {f"unknown{code}" for code in explained if code.startswith("-")}
    raised = {
        code
        for path in SOURCES.rglob("*.py")
        for code in re.findall(
            r"(?:Problem|_Told|_refuse|problem|_unusable)\(\s*(?:\w+, )?\"([a-z0-9-]+)\"", path.read_text()
        )
    }
    assert len(raised) > 30
    assert sorted(raised - explained) == []
