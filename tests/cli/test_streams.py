"""What a shell may do to a command: outputs that are full, closed, left by their reader or ASCII alone; Ctrl-C."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.cli.conftest import Ircal

IRCAL = f"{sys.executable} -m ircal"
NOT_WRITTEN = (
    "Standard output cannot be written: {}.\nWhat was asked for is not told completely. Mend that, and ask again.\n"
)


def shell(line: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A line for the shell, in which `ircal` is this one; its errors are captured, and its output, if it leaves it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IRCAL_")} | variables
    command = ["bash", "-c", f'ircal() {{ {IRCAL} "$@"; }}; {line}']
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def accented(small: Path) -> Path:
    """The folder of a programme whose names need more than ASCII."""
    path = small / "programme.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Robin Ash", "Zoë Ash"), encoding="utf-8")
    return small


@pytest.mark.parametrize(
    ("command", "to", "reason"),
    [
        ("schema", ">/dev/full", "No space left on device"),  # more than a buffer
        ("--version", ">/dev/full", "No space left on device"),  # by click
        ("show calendars", ">/dev/full", "No space left on device"),  # by rich
        ("schema", ">&-", "it is closed"),
    ],
)
def test_an_output_that_cannot_be_written_is_a_sentence_and_74(
    small: Path, tmp_path: Path, command: str, to: str, reason: str
) -> None:
    told = shell(f"ircal {command} {to}", tmp_path, IRCAL_CONFIG=str(small))
    assert (told.returncode, told.stderr) == (74, NOT_WRITTEN.format(reason))


@pytest.mark.parametrize("command", ["schema", "show calendars"])
def test_a_reader_that_leaves_ends_it_quietly_with_141(small: Path, tmp_path: Path, command: str) -> None:
    told = shell(f"ircal {command} | head -c 0; exit ${{PIPESTATUS[0]}}", tmp_path, IRCAL_CONFIG=str(small))
    assert (told.returncode, told.stderr) == (141, "")


@pytest.mark.parametrize("lost", ["2>&- <&-", "2>/dev/full"])
def test_without_anybody_to_tell_the_work_is_done(small: Path, tmp_path: Path, lost: str) -> None:
    line = f"ircal build --out public --config {small} {lost}"
    assert shell(line, tmp_path, IRCAL_CONFGI="x").returncode == 0
    assert (tmp_path / "public" / "index.json").exists()


def test_a_command_that_prints_nothing_needs_no_output(small: Path, tmp_path: Path) -> None:
    assert shell(f"ircal build --out public --config {small} >&-", tmp_path).returncode == 0


@pytest.mark.parametrize(
    "variables",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}],
    ids=["encoding", "locale"],
)
def test_what_ascii_cannot_say_is_replaced(accented: Path, tmp_path: Path, variables: Mapping[str, str]) -> None:
    told = shell("ircal show calendars", tmp_path, IRCAL_CONFIG=str(accented), **variables)
    assert (told.returncode, told.stderr) == (0, "")
    assert "Zo? Ash" in told.stdout


def test_json_loses_nothing_in_ascii(accented: Path, tmp_path: Path) -> None:
    told = shell("ircal show calendars --format json", tmp_path, IRCAL_CONFIG=str(accented), PYTHONIOENCODING="ascii")
    assert told.stdout.isascii()
    assert json.loads(told.stdout.splitlines()[0])["name"] == "Zoë Ash"


def test_an_interrupt_while_python_still_imports_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    told = subprocess.run(
        [sys.executable, "-m", "ircal", "--help"],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout, told.stderr) == (130, "", "")


@pytest.mark.parametrize("command", ["check", "build --out public", "show calendars", "plan", "sync", "token list"])
def test_an_interrupt_ends_every_command_with_130(tmp_path: Path, command: str) -> None:
    """The settings come from a pipe, so that the command is certainly at work when it is interrupted."""
    os.mkfifo(tmp_path / ".env")
    with (
        subprocess.Popen(
            [sys.executable, "-m", "ircal", *command.split()], cwd=tmp_path, stderr=subprocess.PIPE, encoding="utf-8"
        ) as process,
        (tmp_path / ".env").open("w", encoding="utf-8"),  # opens when the command begins to read
    ):
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err.strip()) == (130, "Interrupted.")


# --------------------------------------------------------------------------------------------------------------- colour


def on_a_terminal(command: str, folder: Path, **variables: str) -> str:
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color"} | variables
    with subprocess.Popen(
        [sys.executable, "-m", "ircal", *command.split()], cwd=folder, env=environment, stdout=theirs, stderr=theirs
    ):
        os.close(theirs)
        said = b""
        while piece := _read(ours):
            said += piece
    os.close(ours)
    return said.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when the other end is closed
        return b""


@pytest.mark.parametrize("command", ["check --config nowhere", "show calendars"])
def test_no_color_is_honoured_on_a_terminal(small: Path, tmp_path: Path, command: str) -> None:
    assert "\x1b[" in on_a_terminal(command, tmp_path, IRCAL_CONFIG=str(small))
    assert "\x1b[" not in on_a_terminal(command, tmp_path, IRCAL_CONFIG=str(small), NO_COLOR="1")


@pytest.mark.parametrize("command", [("check", "--config", "nowhere"), ("show", "calendars")])
def test_a_pipe_has_colour_only_when_it_is_forced(
    ircal: Ircal, monkeypatch: pytest.MonkeyPatch, small: Path, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("IRCAL_CONFIG", str(small))
    assert "\x1b[" not in ircal(*command).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in ircal(*command).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in ircal(*command).out
