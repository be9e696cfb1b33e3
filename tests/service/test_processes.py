"""Several processes at the same calendars, one of which is killed: never two at one, and nothing is lost or doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from pydantic import SecretStr

from ircal.accounts import google_account
from ircal.google.sandbox import SandboxServer
from ircal.service import FeedServer
from ircal.service.folder import FolderDigest
from ircal.service.in_force import InForce, Kept
from ircal.store import open_store
from tests.service.conftest import NOW, Coordinator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ircal.google.sandbox.calls import Answer, Call, Handler
    from ircal.settings import Settings

PATIENCE = 60
ROOT = Path(__file__).parents[2]
GOOGLE = {"ash": "ash@example.org", "mm": "mm@example.org", "rounds": "rounds@example.org"}


@dataclass
class Watcher:
    """Sees which calendars are called, and whether ever two calls about one of them are under way together.

    `first` is set by the first write; that one is answered once `go` is.
    """

    first: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    together: int = 0
    _under_way: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            calendar = call.path.split("/")[4]
            with self._lock:
                self._under_way[calendar] += 1
                self.together = max(self.together, self._under_way[calendar])
            try:
                if call.method == "POST" and not self.first.is_set():
                    self.first.set()
                    assert self.go.wait(PATIENCE)
                return handler(call)
            finally:
                with self._lock:
                    self._under_way[calendar] -= 1

        return answer


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def sandbox(watcher: Watcher, coordinator: Coordinator) -> Iterator[SandboxServer]:
    for name, google in GOOGLE.items():
        coordinator.edit("calendars.yaml", f"of: {name}", f"google: {google}, of: {name}")
    with SandboxServer(wrap=watcher) as server:
        server.add_calendars((google, name, "America/New_York") for name, google in GOOGLE.items())
        yield server


def names_on(server: SandboxServer) -> dict[str, list[str]]:
    """What is on each Google calendar, each event by its name."""
    with server.world.lock:
        return {
            name: sorted(str(each.fields["summary"]) for each in server.world.calendar(google).events.values())
            for name, google in GOOGLE.items()
        }


def by_environment(settings: Settings, server: SandboxServer) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IRCAL_")}
    database = {"IRCAL_DATABASE_URL": settings.store_url} if settings.database_url else {}
    return (
        kept
        | database
        | {
            "IRCAL_CONFIG": str(settings.config),
            "IRCAL_STATE_DIR": str(settings.state_dir),
            "IRCAL_GOOGLE__API_ROOT": server.url.rstrip("/"),
            "IRCAL_WORKERS": "1",
        }
    )


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A worker that has begun."""
    command = [sys.executable, "-m", "tests.service.hasty_worker"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True) as started:
        assert started.stderr is not None
        watchdog = threading.Timer(PATIENCE, started.kill)  # so that a log that says nothing comes to its end
        watchdog.start()
        try:
            assert any("Working with" in line for line in started.stderr)
            yield started
        finally:
            watchdog.cancel()
            started.kill()


def test_a_worker_that_is_killed_in_mid_run_is_made_up_for_by_another(
    settings: Settings, coordinator: Coordinator, sandbox: SandboxServer, watcher: Watcher, postgresql_url: str
) -> None:
    from ircal.service.queue.jobs import JobQueue  # noqa: PLC0415 where PostgreSQL is not there, it cannot be

    environment = by_environment(settings.model_copy(update={"database_url": SecretStr(postgresql_url)}), sandbox)
    with ExitStack() as closings:
        store = closings.enter_context(closing(open_store(postgresql_url)))
        queue = closings.enter_context(closing(JobQueue(postgresql_url, 1)))
        folder = coordinator.folder
        InForce(coordinator.load, FolderDigest(folder), 2, Kept(store, folder)).refresh(NOW)
        first = closings.enter_context(worker(environment))
        store.raise_due(list(GOOGLE), "start", NOW)
        queue.nudge(GOOGLE)
        assert watcher.first.wait(PATIENCE)
        closings.enter_context(worker(environment))
        first.send_signal(signal.SIGKILL)
        first.wait(PATIENCE)
        watcher.go.set()  # what it had sent is carried out all the same
        until(lambda: store.last_runs("done").keys() == GOOGLE.keys() and not store.due())
        broken = [run.error for run in store.runs(9) if run.state == "stopped"]
    assert (broken, watcher.together) == (["The process that was at it is gone."], 1)
    assert names_on(sandbox) == {"ash": ["ICU"], "mm": ["M&M"], "rounds": ["Grand Rounds"] * 2}


def test_two_syncs_at_once_are_one_after_the_other(
    settings: Settings, sandbox: SandboxServer, watcher: Watcher
) -> None:
    watcher.go.set()
    environment = by_environment(settings, sandbox)
    command = [sys.executable, "-m", "ircal", "sync"]
    syncs = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [each.communicate(timeout=PATIENCE)[0].count("nothing to do") for each in syncs]
    assert ([each.returncode for each in syncs], sorted(told), watcher.together) == ([0, 0], [0, 3], 1)


@contextmanager
def serving(settings: Settings, server: SandboxServer) -> Iterator[FeedServer]:
    there = settings.model_copy(
        update={"google": settings.google.model_copy(update={"api_root": server.url.rstrip("/")})}
    )
    with FeedServer(there, google_account) as feeds:
        thread = threading.Thread(target=feeds.run)
        thread.start()
        try:
            yield feeds
        finally:
            feeds.stop()
            thread.join(PATIENCE)


def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so, with a deadline."""
    pause = threading.Event()
    assert any(condition() or pause.wait(0.05) for _ in range(20 * PATIENCE))


def test_an_edit_reaches_google_while_phones_read(
    settings: Settings, coordinator: Coordinator, sandbox: SandboxServer, watcher: Watcher
) -> None:
    watcher.go.set()
    with serving(settings, sandbox) as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        until(lambda: names_on(sandbox)["mm"] == ["M&M"])
        with ThreadPoolExecutor(8) as pool:
            answers = [pool.submit(client.get, "/feeds/mm.ics") for _ in range(200)]
            coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
            until(lambda: names_on(sandbox)["mm"] == ["Quality"])
            assert {each.result().status_code for each in answers} == {200}
        assert b"SUMMARY:Quality" in client.get("/feeds/mm.ics").content
    assert watcher.together == 1


def test_what_was_broken_while_it_was_down_is_told_and_the_last_good_one_is_served_and_pushed(
    settings: Settings, coordinator: Coordinator, sandbox: SandboxServer, watcher: Watcher
) -> None:
    watcher.go.set()
    with serving(settings, sandbox):
        until(lambda: names_on(sandbox)["mm"] == ["M&M"])
    coordinator.edit("conferences.yaml", "name: M&M", "nme: M&M")
    with sandbox.world.lock:
        [event] = sandbox.world.calendar(GOOGLE["mm"]).events.values()
        sandbox.world.delete(GOOGLE["mm"], event.id)
    with serving(settings, sandbox) as server:
        until(lambda: not next(iter(sandbox.world.calendar(GOOGLE["mm"]).events.values())).cancelled)
        health = httpx.get(f"{server.url}/healthz", trust_env=False).json()
    assert (health["status"], health["feeds"], health["problems"] > 0) == ("degraded", 3, True)


def test_without_credentials_it_is_said_once_and_feeds_are_served(
    settings: Settings, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "nowhere.json")
    with FeedServer(settings, google_account) as server:
        thread = threading.Thread(target=server.run)
        thread.start()
        until(lambda: "The Google calendars are not pushed" in caplog.text)
        assert httpx.get(f"{server.url}/feeds/mm.ics", trust_env=False).status_code == 200
        server.triggers.mark(None, "page")
        server.stop()
        thread.join(PATIENCE)
    assert "This machine has no Google credentials that can be used." in caplog.text
