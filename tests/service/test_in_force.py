"""A good programme always: across restarts, with a broken folder, and while files are being written."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ircal.config import digest, load, load_packed, pack
from ircal.errors import ProgramError
from ircal.service.folder import FolderDigest
from ircal.service.in_force import InForce, Kept, Wanted
from ircal.store import MemoryStore, open_store
from tests.service.conftest import NOW, Coordinator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ircal.model.program import Program
    from ircal.recall import Recall
    from ircal.store import Store

LATER = NOW + timedelta(hours=1)


def began(coordinator: Coordinator, store: Store, load: Callable[[Recall], Program] | None = None) -> InForce:
    """What a process has in force that begins now."""
    folder = coordinator.folder
    made = InForce(load or coordinator.load, FolderDigest(folder), 2, Kept(store, folder))
    made.refresh(NOW)
    return made


def name_of(in_force: InForce) -> str:
    assert in_force.program is not None
    return in_force.program.settings.name


def test_the_last_good_one_stays_in_force_across_a_restart(coordinator: Coordinator, sqlite: str) -> None:
    store = open_store(sqlite)
    began(coordinator, store)
    store.close()
    coordinator.edit("conferences.yaml", "name: M&M", "nme: M&M")

    store = open_store(sqlite)
    after = began(coordinator, store)
    assert (name_of(after), {each.place.file for each in after.problems}) == (
        "Interventional Radiology Residency",
        {"conferences.yaml"},
    )
    coordinator.edit("conferences.yaml", "nme: M&M", "name: Quality")
    assert after.refresh(LATER) is True
    assert (after.problems, after.wanted and after.wanted.feeds["mm"].calendar.name) == ((), "M&M")
    store.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/kept.db"


def test_it_is_so_without_any_folder(coordinator: Coordinator) -> None:
    store = MemoryStore()
    began(coordinator, store)
    shutil.rmtree(coordinator.folder)
    after = began(coordinator, store)
    assert (name_of(after), [each.code for each in after.problems]) == (
        "Interventional Radiology Residency",
        ["folder-missing"],
    )


def test_a_good_folder_is_what_counts(coordinator: Coordinator) -> None:
    store = MemoryStore()
    began(coordinator, store)
    coordinator.edit("programme.yaml", "Interventional Radiology Residency", "Another Name")
    assert name_of(began(coordinator, store)) == "Another Name"
    coordinator.edit("programme.yaml", "name: Another Name", "nme: Another Name")
    assert name_of(began(coordinator, store)) == "Another Name"


def test_nothing_that_is_wrong_is_kept(coordinator: Coordinator) -> None:
    store = MemoryStore()
    coordinator.edit("conferences.yaml", "name: M&M", "nme: M&M")
    assert (began(coordinator, store).wanted, store.programme("programme")) == (None, None)


def test_what_was_kept_and_cannot_be_unpacked_is_no_programme(coordinator: Coordinator) -> None:
    store = MemoryStore()
    store.keep_programme("programme", "0" * 64, b"PK-not-a-zip", NOW)
    coordinator.edit("conferences.yaml", "name: M&M", "nme: M&M")
    after = began(coordinator, store)
    assert (after.wanted, [each.code for each in after.problems]) == (None, ["kept-unreadable"])


def test_files_that_change_while_they_are_read_are_read_again(coordinator: Coordinator) -> None:
    """Half a file may be a valid one: here two calendars are missing when the folder is read."""
    text = (coordinator.folder / "calendars.yaml").read_text()
    coordinator.write("calendars.yaml", "".join(text.splitlines(keepends=True)[:2]))

    def load_while_written(recall: Recall) -> Program:
        program = load(coordinator.folder, recall)
        coordinator.write("calendars.yaml", text)
        return program

    in_force = began(coordinator, MemoryStore(), load_while_written)
    assert (in_force.wanted, in_force.is_settled, in_force.problems) == (None, False, ())
    assert in_force.refresh(NOW) is True
    assert (set(in_force.wanted.feeds) if in_force.wanted else None) == {"ash", "mm", "rounds"}


def test_who_takes_it_over_is_told_what_is_different(coordinator: Coordinator) -> None:
    told: list[list[str]] = []

    def taken(now: Wanted, before: Wanted | None) -> None:
        told.append(now.differing(before))

    coordinator.edit("calendars.yaml", "of: ash,", "of: ash, google: ash@example.org,")
    coordinator.edit("calendars.yaml", "of: mm}", "of: mm, google: mm@example.org}")
    in_force = InForce(coordinator.load, FolderDigest(coordinator.folder), 2, taken=taken)
    in_force.refresh(NOW)
    coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
    in_force.refresh(LATER)
    coordinator.edit("conferences.yaml", "name: Grand Rounds", "name: Rounds")
    in_force.refresh(LATER)
    assert told == [["ash", "mm"], ["mm"], []]


def test_a_configuration_is_packed_and_read_again(coordinator: Coordinator) -> None:
    packed = pack(coordinator.folder)
    assert packed == pack(coordinator.folder)
    assert packed.digest == digest(coordinator.folder)
    assert load_packed(packed.body) == coordinator.load()
    coordinator.edit("conferences.yaml", "name: M&M", "nme: M&M")
    with pytest.raises(ProgramError) as raised:
        load_packed(pack(coordinator.folder).body)
    with pytest.raises(ProgramError) as expected:
        coordinator.load()
    assert raised.value.problems == expected.value.problems
