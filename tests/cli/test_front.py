"""The front: help, usage, exit codes, and that the commands are told in one place as in the other."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from ircal.cli import COMMANDS
from ircal.cli import ircal as front

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Ircal


def command_of(name: str) -> click.Command:
    command = front.get_command(click.Context(front), name)
    assert command is not None
    return command


def commands() -> Iterator[str]:
    for name in COMMANDS:
        command = command_of(name)
        yield name
        if isinstance(command, click.Group):
            yield from (f"{name} {sub}" for sub in command.commands)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_sentence_of_a_command_is_that_of_its_own_help(name: str) -> None:
    assert (command_of(name).help or "").splitlines()[0] == COMMANDS[name][1]


@pytest.mark.parametrize("name", list(commands()))
def test_every_command_has_help_with_an_example(ircal: Ircal, name: str) -> None:
    told = ircal(*name.split(), "--help")
    assert told.code == 0
    assert f"Example: ircal {name}" in " ".join(told.out.split())
    assert "..." not in told.out.partition("Commands:")[2], "a sentence was cut"


def test_help_lists_every_command(ircal: Ircal) -> None:
    told = ircal("--help")
    assert [
        line.split()[0] for line in told.out.splitlines() if line.startswith("  ") and line.split()[0] in COMMANDS
    ] == list(COMMANDS)


@pytest.mark.parametrize("arguments", [("frobnicate",), ("check", "--colour"), ("show", "occurrences"), ("build",)])
def test_a_wrong_command_line_ends_with_64(ircal: Ircal, arguments: tuple[str, ...]) -> None:
    told = ircal(*arguments)
    assert told.code == 64
    assert "Usage:" in told.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("sync", "--checksum", ""),  # would do everything unseen
        ("plan", "--calendar", ""),
        ("serve", "--host", ""),
        ("sandbox", "--credentials", ""),
        ("build", "--out", " "),
        ("verify", "feed", ""),
        ("token", "revoke", ""),
    ],
)
def test_an_empty_value_is_a_variable_that_was_never_set(ircal: Ircal, arguments: tuple[str, ...]) -> None:
    told = ircal(*arguments)
    assert told.code == 64
    assert "it is empty; give it a value" in told.err


def test_python_dash_m_is_the_same(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "ircal", "check", "--config", "nowhere"],
        cwd=str(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "nowhere" in told.stdout + told.stderr
    assert "Traceback" not in told.stderr


def test_a_wrong_setting_is_named_with_an_example(ircal: Ircal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRCAL_HTTP__PORT", "eighty")
    told = ircal("check")
    assert told.code == 1
    assert "IRCAL_HTTP__PORT" in told.err


def test_a_mistyped_setting_is_noted(ircal: Ircal, monkeypatch: pytest.MonkeyPatch, small: Path) -> None:
    monkeypatch.setenv("IRCAL_CONFG", "x")
    told = ircal("check", "--config", str(small))
    assert (told.code, told.err) == (0, "Note: IRCAL_CONFG is not a setting; did you mean IRCAL_CONFIG?\n")


def test_a_long_name_that_nobody_knows_is_cut(ircal: Ircal, small: Path) -> None:
    told = ircal("show", "occurrences", "--config", str(small), "--calendar", "x" * 100_000)
    assert told.err.splitlines()[0] == f"There is no calendar '{'x' * 60}...'."


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, ircal.cli; ircal.cli.run(['--help']); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(told.stdout.splitlines()[-1].split())
    assert loaded.isdisjoint({"pydantic", "sqlalchemy", "googleapiclient", "starlette", "uvicorn", "icalendar", "rich"})
