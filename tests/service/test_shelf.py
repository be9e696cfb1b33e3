"""Several programmes in one process: each alone, some at hand, all of them served."""

import shutil
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from ircal.accounts import google_account
from ircal.google.sandbox import SandboxServer
from ircal.google.sandbox.query import Query
from ircal.service import ShelfServer, work
from ircal.service.shelf import Shelf, Terms, Told
from ircal.service.triggers import Cause
from ircal.settings import Settings
from ircal.store import MemoryStore, ScopedStore, open_store
from ircal.web import Health
from tests.service.conftest import NOW, Coordinator
from tests.service.running import in_a_thread, with_http

NAMES = ["east", "north", "west"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three programmes with a Google calendar each; the one in the middle is broken."""
    for name in NAMES:
        coordinator = Coordinator(tmp_path / "programmes" / name)
        coordinator.edit("programme.yaml", "id: irres", f"id: {name}")
        coordinator.edit("calendars.yaml", "of: mm}", f"of: mm, google: {name}@example.org}}")
    at(tmp_path / "programmes", "north").edit("programme.yaml", "timezone: America/New_York", "timezone: Mars")
    return tmp_path / "programmes"


def at(folder: Path, name: str) -> Coordinator:
    """Whoever edits one of them."""
    found = Coordinator.__new__(Coordinator)
    found.folder = folder / name
    return found


class Marked:
    """Keeps what was said to be due."""

    def __init__(self) -> None:
        self.said: list[tuple[list[str], Cause]] = []
        self.different: list[tuple[str, list[str]]] = []
        self.told = Told(self.due, self.changed)

    def changed(self, programme: str, calendars: Mapping[str, str]) -> None:
        self.different.append((programme, sorted(calendars)))

    def due(self, calendars: Collection[str], cause: Cause) -> None:
        self.said.append((sorted(calendars), cause))

    def taken(self) -> list[tuple[list[str], Cause]]:
        said, self.said = self.said, []
        return said


@pytest.fixture
def marked() -> Marked:
    return Marked()


@pytest.fixture
def make_shelf(folder: Path, marked: Marked) -> Callable[[int], Shelf]:
    store = MemoryStore()
    return lambda at_hand: Shelf(folder, store, Terms(2, 30, at_hand), marked.told, lambda: NOW)


def body(shelf: Shelf, key: str) -> bytes | None:
    resource = shelf.feed(key)
    return resource.plain.body if resource else None


def test_each_is_alone(make_shelf: Callable[[int], Shelf], folder: Path, marked: Marked) -> None:
    shelf = make_shelf(9)
    looked = [shelf.is_complete, shelf.refresh(NOW), shelf.is_complete]
    assert looked == [False, True, True]
    assert shelf.health() == Health(loaded=True, feeds=6, problems=1)
    assert [shelf.is_away(f"{name}/mm") for name in (*NAMES, "nobody")] == [False, True, False, False]
    assert shelf.google == {"east/mm": "east@example.org", "west/mm": "west@example.org"}
    assert marked.taken() == [(["east/mm"], "start"), (["west/mm"], "start")]

    at(folder, "west").edit("conferences.yaml", "name: M&M", "name: Quality")
    assert shelf.refresh(NOW)
    assert marked.taken() == [(["west/mm"], "programme")]
    assert [b"Quality" in (body(shelf, f"{name}/mm") or b"") for name in ("east", "west")] == [False, True]

    at(folder, "north").edit("programme.yaml", "timezone: Mars", "timezone: America/New_York")
    at(folder, "east").edit("programme.yaml", "timezone: America/New_York", "timezone: Mars")
    shelf.refresh(NOW)
    assert [shelf.is_away(f"{name}/mm") for name in NAMES] == [False] * 3  # what was good in the east is served on
    assert len(shelf.problems) == 1
    assert not shelf.refresh(NOW)


def test_what_is_let_go_says_the_same_when_it_is_fetched(
    make_shelf: Callable[[int], Shelf], folder: Path, marked: Marked
) -> None:
    shelf = make_shelf(1)
    shelf.refresh(NOW)
    marked.taken()
    first = body(shelf, "east/mm")
    assert first
    assert shelf.is_away("west/mm")  # it was looked at, and took nobody's place
    shelf.fetch("west/mm")
    assert body(shelf, "west/mm")
    assert shelf.is_away("east/mm")
    assert body(shelf, "east/mm") is None
    shelf.fetch("east/mm")
    assert body(shelf, "east/mm") == first
    assert marked.taken() == []  # nothing is different by that
    assert shelf.health().feeds == 3


def test_what_is_not_at_hand_is_looked_after_too(
    make_shelf: Callable[[int], Shelf], folder: Path, marked: Marked
) -> None:
    shelf = make_shelf(1)
    shelf.refresh(NOW)
    marked.taken()
    at(folder, "west").edit("conferences.yaml", "name: M&M", "name: Quality")
    assert shelf.refresh(NOW)
    assert marked.taken() == [(["west/mm"], "programme")]
    assert shelf.is_away("west/mm")
    assert not shelf.refresh(NOW)
    assert shelf.refresh(NOW + timedelta(days=1))
    assert [keys for keys, _ in marked.taken()] == [["west/mm"]]  # of the east nothing is different on that day


def test_another_day_is_no_other_schedule_also_while_the_files_are_wrong(
    make_shelf: Callable[[int], Shelf], folder: Path, marked: Marked
) -> None:
    shelf = make_shelf(9)
    shelf.refresh(NOW)
    at(folder, "east").edit("programme.yaml", "timezone: America/New_York", "timezone: Mars")
    shelf.refresh(NOW)
    before = body(shelf, "east/mm")
    shelf.refresh(NOW + timedelta(days=366))
    assert body(shelf, "east/mm") != before
    assert marked.different == []


def test_programmes_may_come_and_one_that_goes_stays_for_now(
    make_shelf: Callable[[int], Shelf], folder: Path, marked: Marked
) -> None:
    shelf = make_shelf(9)
    shelf.refresh(NOW)
    shutil.copytree(folder / "west", folder / "south")
    at(folder, "south").edit("programme.yaml", "id: west", "id: south")
    assert shelf.refresh(NOW)
    assert body(shelf, "south/mm")
    shutil.rmtree(folder / "west")
    shelf.refresh(NOW)
    assert body(shelf, "west/mm")
    assert any("west" in str(problem) for problem in shelf.problems)


def test_the_last_good_configuration_of_each_is_kept(
    folder: Path, marked: Marked, make_shelf: Callable[[int], Shelf]
) -> None:
    store = MemoryStore()
    first = Shelf(folder, store, Terms(2, 30, 9), marked.told, lambda: NOW)
    first.refresh(NOW)
    before = body(first, "east/mm")
    at(folder, "east").edit("programme.yaml", "timezone: America/New_York", "timezone: Mars")
    again = Shelf(folder, store, Terms(2, 30, 9), marked.told, lambda: NOW)
    again.refresh(NOW)
    assert body(again, "east/mm") == before
    assert again.is_away("north/mm")


# ------------------------------------------------------------------------------------------------------ as it is served


@pytest.fixture
def several(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(update={"config": folder})


def running(settings: Settings, *more: object) -> AbstractContextManager[tuple[ShelfServer, httpx.Client]]:
    return in_a_thread(ShelfServer(settings, *more))  # type: ignore[arg-type]


def test_feeds_are_found_by_their_secret_and_by_their_programme(several: Settings) -> None:
    store = open_store(several.store_url)
    secrets = {name: ScopedStore(store, name).issue_token("ash", datetime.now(UTC)) for name in NAMES}
    stray = store.issue_token("ash", datetime.now(UTC))
    store.close()
    with running(with_http(several, feeds_by_id="never")) as (_, client):

        def status(path: str) -> int:
            return client.get(path).status_code

        assert {name: status(f"/feeds/{secret}.ics") for name, secret in secrets.items()} == {
            "east": 200,
            "north": 503,  # it was never right: a 404 would make phones drop the calendar
            "west": 200,
        }
        assert [status(f"/public/{name}.ics") for name in ("east/rounds", "east/ash", "nobody/rounds", "rounds")] == [
            200,
            404,
            404,
            404,
        ]
        assert [status(f"/feeds/{name}.ics") for name in ("west/rounds", "west/ash", "west", "a/b/c", stray)] == [
            200,
            404,
            404,
            404,
            404,
        ]
        assert status("/healthz") == 200
    with running(several) as (_, client):
        assert client.get("/feeds/west/ash.ics").status_code == 200


def test_who_has_left_one_programme_finds_nothing(several: Settings, folder: Path) -> None:
    at(folder, "east").edit("people.yaml", "entered: 2026-07-01}", "entered: 2024-07-01, left: 2025-01-01}")
    store = open_store(several.store_url)
    secrets = [ScopedStore(store, name).issue_token("ash", datetime.now(UTC), "ash") for name in ("east", "west")]
    store.close()
    at(folder, "east").write("assignments/2026.csv", "person,rotation,from,to\nbay,icu,2026-07-06,2026-09-13\n")
    with running(with_http(several, feeds_by_id="never")) as (_, client):
        assert [client.get(f"/feeds/{secret}.ics").status_code for secret in secrets] == [404, 200]


class Pushed:
    """What is in the Google calendar of each programme, in a sandbox."""

    def __init__(self, google: SandboxServer) -> None:
        self.google = google
        for name in NAMES:
            google.world.add_calendar(f"{name}@example.org", name, "America/New_York")

    def titles(self, name: str) -> set[str]:
        with self.google.world.lock:
            return {each["summary"] for each in self.google.world.list_events(f"{name}@example.org", Query())["items"]}

    def until(self, name: str, title: str) -> None:
        limit = time.monotonic() + 30
        while self.titles(name) != {title}:
            assert time.monotonic() < limit
            time.sleep(0.05)

    def settings(self, several: Settings) -> Settings:
        api = several.google.model_copy(update={"api_root": self.google.url.rstrip("/")})
        return several.model_copy(update={"google": api})


def test_each_is_pushed_and_an_edit_of_one_is(several: Settings, folder: Path) -> None:
    with SandboxServer() as google:
        pushed = Pushed(google)
        with running(pushed.settings(several), google_account) as (server, _):
            pushed.until("east", "M&M")
            pushed.until("west", "M&M")
            at(folder, "west").edit("conferences.yaml", "name: M&M", "name: Quality")
            server.look()
            pushed.until("west", "Quality")
            assert (pushed.titles("east"), pushed.titles("north")) == ({"M&M"}, set())


def test_a_worker_works_for_all_of_them(several: Settings, folder: Path, postgresql_url: str) -> None:
    with SandboxServer() as google, ExitStack() as closings:
        pushed = Pushed(google)
        shared = pushed.settings(several).model_copy(update={"database_url": SecretStr(postgresql_url)})
        made = ShelfServer(shared, google_account, works=False)
        server, _ = closings.enter_context(in_a_thread(made))
        stop = threading.Event()
        worker = threading.Thread(target=partial(work, shared, google_account, stop, several=True))
        worker.start()
        closings.callback(worker.join)
        closings.callback(stop.set)
        pushed.until("east", "M&M")
        pushed.until("west", "M&M")
        at(folder, "west").edit("conferences.yaml", "name: M&M", "name: Quality")
        server.look()
        pushed.until("west", "Quality")
        assert (pushed.titles("east"), pushed.titles("north")) == ({"M&M"}, set())
