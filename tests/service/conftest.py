"""A small programme in a real folder, that a test may edit as a coordinator would."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from ircal.config import load
from ircal.model.program import Program
from ircal.recall import Recall
from ircal.service import FeedBook
from ircal.service.build import Revisions
from ircal.service.folder import FolderDigest
from ircal.settings import Settings, load_settings
from ircal.store import MemoryStore

PUBLISHED = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)

FILES = {
    "programme.yaml": """\
        program:
          id: irres
          name: Interventional Radiology Residency
          timezone: America/New_York
          first_year: 2026
          published: 2026-06-01T08:00:00-04:00
          grid: months
        grids:
          months: {kind: months}
        """,
    "people.yaml": """\
        people:
          ash: {name: Ash, role: resident, entered: 2026-07-01}
          bay: {name: Bay, role: resident, entered: 2024-07-01}
        sites:
          west: {name: West Campus}
        rotations:
          icu: {name: ICU, site: west}
        """,
    "assignments/2026.csv": """\
        person,rotation,from,to
        ash,icu,2026-10-05,2026-10-11
        """,
    "conferences.yaml": """\
        conferences:
          mm: {name: M&M, when: "We[3] 17:00-18:00", until: 2026-12-31, audience: everyone}
          rounds: {name: Grand Rounds, when: "Mo 12:00-13:00", audience: everyone}
        """,
    "calendars.yaml": """\
        calendars:
          ash: {name: Ash, kind: resident, of: ash, contents: [rotations]}
          mm: {name: M&M, kind: conference, of: mm}
          rounds: {name: Grand Rounds, kind: conference, of: rounds, public: true}
        """,
}


class Coordinator:
    """Whoever edits the configuration folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        """Replace a file as a whole, as editors do; nobody ever reads half of it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        new.write_text(dedent(text), encoding="utf-8")
        new.replace(path)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def load(self, recall: Recall | None = None) -> Program:
        return load(self.folder, recall)


@pytest.fixture
def coordinator(tmp_path: Path) -> Coordinator:
    return Coordinator(tmp_path / "config")


@pytest.fixture
def make_book(coordinator: Coordinator) -> Callable[[Revisions], FeedBook]:
    """Makes a book of the folder's feeds, with a store of the test's choice."""
    folder = coordinator.folder
    return lambda store: FeedBook(coordinator.load, FolderDigest(folder), store, 2)


@pytest.fixture
def book(make_book: Callable[[Revisions], FeedBook]) -> FeedBook:
    return make_book(MemoryStore())


@pytest.fixture
def settings(coordinator: Coordinator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings for a server of these feeds, on a free port of this machine."""
    for name in [name for name in os.environ if name.startswith("IRCAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return load_settings(
        config=coordinator.folder, state_dir=tmp_path / "state", http={"port": 0}, refresh_seconds=0.05
    )
