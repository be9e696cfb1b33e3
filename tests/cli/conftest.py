"""The command line, called as its users call it: arguments in, exit code and both outputs out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Protocol

import pytest

from ircal.cli import run
from ircal.google.sandbox import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = Path(__file__).parents[2] / "config"


@dataclass(frozen=True)
class Told:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


class Ircal(Protocol):
    """A call of `ircal` with some arguments."""

    def __call__(self, *arguments: str) -> Told: ...


def rounds(ircal: Ircal, config: Path, first: str, last: str, *more: str) -> Told:
    """`ircal show occurrences` of the calendar `rounds` from the first day to the last."""
    window = ("--calendar", "rounds", "--from", first, "--to", last)
    return ircal("show", "occurrences", "--config", str(config), *window, *more)


@pytest.fixture
def ircal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Ircal:
    """`ircal`, in an empty folder and with no setting but those of the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IRCAL_STATE_DIR", str(tmp_path / "state"))

    def call(*arguments: str) -> Told:
        code = run(arguments)
        out, err = capfd.readouterr()
        return Told(code, out, err)

    return call


PROGRAMME = """
program:
  id: small
  name: Small programme
  timezone: America/New_York
  first_year: 2026
  published: 2026-05-01T09:00:00-04:00
  grid: blocks
grids:
  blocks: {kind: fixed_weeks}
sites:
  west: {name: West Campus, address: "1 Example Street"}
rotations:
  ir: {name: IR West, site: west, short: W, color: teal}
people:
  ash: {name: Robin Ash, role: resident, entered: 2026-07-01}
conferences:
  rounds: {name: Rounds, when: "Mo-Fr 07:00-07:30", site: west, audience: everyone}
calendars:
  ash: {name: Robin Ash, kind: resident, of: ash, google: ash@example.org}
  rounds: {name: Rounds, kind: conference, of: rounds, public: true}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder of a small programme that is right."""
    folder = tmp_path / "small"
    (folder / "blocks").mkdir(parents=True)
    (folder / "programme.yaml").write_text(dedent(PROGRAMME))
    (folder / "blocks" / "2026-27.csv").write_text("resident,1,2\nash,ir,ir\n")
    return folder


def edit(folder: Path, old: str, new: str) -> None:
    """Change the programme, which must hold the old text exactly once."""
    path = folder / "programme.yaml"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


CALENDAR = "ash@example.org"
"""The small programme's one Google calendar."""


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch, small: Path, tmp_path: Path) -> Iterator[SandboxServer]:
    """A sandbox with the small programme's calendar, and the settings that lead there with a key of its own."""
    with SandboxServer(require_auth=True) as server:
        server.world.add_calendar(CALENDAR, "Robin Ash", "America/New_York")
        server.write_credentials(tmp_path / "key.json")
        monkeypatch.setenv("IRCAL_CONFIG", str(small))
        monkeypatch.setenv("IRCAL_GOOGLE__API_ROOT", server.url.rstrip("/"))
        monkeypatch.setenv("IRCAL_GOOGLE__CREDENTIALS_FILE", str(tmp_path / "key.json"))
        yield server
