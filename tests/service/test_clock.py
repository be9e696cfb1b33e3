"""A clock that jumps, forth and back: feeds are served on, nothing goes back, and it recovers."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from ircal.service import FeedBook
from ircal.service.folder import FolderDigest
from ircal.store import MemoryStore
from tests.service.conftest import NOW, Coordinator

NAMES = ("ash", "mm", "rounds")


def events(book: FeedBook, name: str) -> dict[tuple[str, str], Any]:
    """What a feed has, by UID and recurrence id."""
    resource = book.feed(name)
    assert resource is not None
    found = Calendar.from_ical(resource.plain.body).walk("VEVENT")
    return {(str(each["UID"]), str(each.get("RECURRENCE-ID"))): each for each in found}


def revision(event: Any) -> tuple[int, datetime]:
    return int(event["SEQUENCE"]), event["DTSTAMP"].dt


@given(st.lists(st.integers(-900, 900), min_size=1, max_size=4), st.booleans())
@settings(max_examples=12)
def test_feeds_are_served_on_and_no_revision_goes_back(
    tmp_path_factory: pytest.TempPathFactory, jumps: list[int], edited: bool
) -> None:
    coordinator = Coordinator(Path(tmp_path_factory.mktemp("clock")) / "config")
    store = MemoryStore()
    book = FeedBook(coordinator.load, FolderDigest(coordinator.folder), store, 2)
    book.refresh(NOW)
    before = {name: events(book, name) for name in NAMES}

    for number, days in enumerate(jumps):
        if edited and number == 0:
            coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
        book.refresh(NOW + timedelta(days=days))
        assert book.problems == ()
        assert all(book.feed(name) for name in NAMES)

    book.refresh(NOW)
    after = {name: events(book, name) for name in NAMES}
    assert {name: each.keys() for name, each in after.items()} == {name: each.keys() for name, each in before.items()}
    for name in NAMES:
        for key, event in after[name].items():
            assert revision(event) >= revision(before[name][key])
    assert {str(event["SUMMARY"]) for event in after["mm"].values()} == {"Quality" if edited else "M&M"}

    fresh = FeedBook(coordinator.load, FolderDigest(coordinator.folder), store, 2)
    fresh.refresh(NOW)  # after a restart it says the same
    assert {name: events(fresh, name) for name in NAMES} == after


def test_without_an_edit_the_bytes_are_the_same_again(coordinator: Coordinator) -> None:
    book = FeedBook(coordinator.load, FolderDigest(coordinator.folder), MemoryStore(), 2)
    book.refresh(NOW)
    before = {name: book.feed(name) for name in NAMES}
    for days in (3, -3, 40, -200):
        book.refresh(NOW + timedelta(days=days))
    book.refresh(NOW)
    assert {name: book.feed(name) for name in NAMES} == before
