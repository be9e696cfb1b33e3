import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import httpx
import pytest

from ircal.errors import IrcalError, ProgramError
from ircal.service import FeedServer
from ircal.settings import Settings
from ircal.store import open_store
from ircal.web import listen
from tests.service.conftest import Coordinator
from tests.service.running import in_a_thread, with_http


def running(settings: Settings) -> AbstractContextManager[tuple[FeedServer, httpx.Client]]:
    """A server of the feeds, in a thread, and a client that speaks to it."""
    return in_a_thread(FeedServer(settings))


def patient(settings: Settings) -> Settings:
    """So that only the test itself makes the server look at the configuration."""
    return settings.model_copy(update={"refresh_seconds": 3600.0})


def test_feeds_are_served_by_id_on_this_machine_alone(settings: Settings) -> None:
    with running(patient(settings)) as (_, client):
        assert [client.get(f"/feeds/{name}.ics").status_code for name in ("ash", "rounds")] == [200, 200]
    with running(with_http(patient(settings), feeds_by_id="never")) as (_, client):
        assert [client.get(f"/feeds/{name}.ics").status_code for name in ("ash", "rounds")] == [404, 200]


def test_a_token_opens_its_feed_until_it_is_revoked(settings: Settings) -> None:
    now = datetime.now(UTC)
    asking_often = with_http(patient(settings), feeds_by_id="never", wrong_per_minute=1_000_000)
    with running(asking_often) as (_, client):
        other = open_store(settings.store_url)  # as `ircal token` does, in another process
        secret = other.issue_token("ash", now)
        assert b"SUMMARY:ICU" in until(client, f"/feeds/{secret}.ics", 200).content
        other.revoke_token(secret, now)
        until(client, f"/feeds/{secret}.ics", 404)
    assert [token.last_used is not None for token in other.tokens()] == [True]
    other.close()


def until(client: httpx.Client, path: str, status: int) -> httpx.Response:
    """The first answer with that status; it comes within a second, or ten where the machine is busy."""
    limit = time.monotonic() + 10
    while (response := client.get(path)).status_code != status:
        assert time.monotonic() < limit
    return response


def test_a_store_that_goes_away_takes_no_known_link_with_it(settings: Settings) -> None:
    store = open_store(settings.store_url)
    secret = store.issue_token("ash", datetime.now(UTC))
    store.close()
    with running(with_http(patient(settings), feeds_by_id="never")) as (_, client):
        damaging = sqlite3.connect(settings.state_dir / "ircal.db", isolation_level=None)
        damaging.execute("DROP TABLE tokens")
        damaging.close()
        limit = time.monotonic() + 0.5  # time enough to look
        while time.monotonic() < limit:
            assert client.get(f"/feeds/{secret}.ics").status_code == 200


def test_who_left_long_enough_ago_finds_nothing_any_more(settings: Settings, coordinator: Coordinator) -> None:
    today = datetime.now(ZoneInfo("America/New_York")).date()
    store = open_store(settings.store_url)
    own, other = store.issue_token("ash", datetime.now(UTC)), store.issue_token("mm", datetime.now(UTC), "ash")
    anybodys = store.issue_token("mm", datetime.now(UTC))
    store.close()

    def statuses(left: date) -> list[int]:
        coordinator.write(
            "people.yaml",
            f"""\
            people:
              ash: {{name: Ash, role: resident, entered: 2024-07-01, left: {left}}}
              bay: {{name: Bay, role: resident, entered: 2024-07-01}}
            sites:
              west: {{name: West Campus}}
            rotations:
              icu: {{name: ICU, site: west}}
            """,
        )
        server.book.refresh(datetime.now(UTC))
        return [client.get(f"/feeds/{secret}.ics").status_code for secret in (own, other, anybodys)]

    coordinator.write("assignments/2026.csv", "person,rotation,from,to\nash,icu,2026-07-06,2026-07-12\n")
    with running(with_http(patient(settings), feeds_by_id="never", days_after_leaving=10)) as (server, client):
        assert statuses(today - timedelta(days=9)) == [200, 200, 200]
        assert statuses(today - timedelta(days=10)) == [404, 404, 200]
        assert statuses(today + timedelta(days=1)) == [200, 200, 200]


def test_an_edit_reaches_the_next_request(settings: Settings, coordinator: Coordinator) -> None:
    with running(patient(settings)) as (server, client):
        first = client.get("/feeds/mm.ics")
        have = {"if-none-match": first.headers["etag"]}
        assert client.get("/feeds/mm.ics", headers=have).status_code == 304
        coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
        server.book.refresh(datetime.now(UTC))
        second = client.get("/feeds/mm.ics", headers=have)
    assert (second.status_code, b"SUMMARY:Quality" in second.content) == (200, True)


def test_a_bad_edit_degrades_and_harms_nobody(settings: Settings, coordinator: Coordinator) -> None:
    with running(patient(settings)) as (server, client):
        first = client.get("/feeds/mm.ics")
        coordinator.edit("conferences.yaml", "name: M&M", "nme: Quality")
        server.book.refresh(datetime.now(UTC))
        problems = len(server.book.problems)
        assert client.get("/healthz").json() == {"status": "degraded", "loaded": True, "feeds": 3, "problems": problems}
        assert client.get("/feeds/mm.ics").content == first.content


def test_a_hundred_readers_while_editions_change(settings: Settings, coordinator: Coordinator) -> None:
    with running(patient(settings)) as (server, client):

        def read(number: int) -> tuple[str, bytes]:
            if number % 20 == 0:
                coordinator.write(
                    "conferences.yaml",
                    f"""\
                    conferences:
                      mm: {{name: Edition {number}, when: "We[3] 17:00-18:00", audience: everyone}}
                      rounds: {{name: Edition {number}, when: "Mo 12:00-13:00", audience: everyone}}
                    """,
                )
                server.book.refresh(datetime.now(UTC))
            response = client.get("/feeds/mm.ics")
            return response.headers["etag"], response.content

        with ThreadPoolExecutor(20) as pool:
            seen = list(pool.map(read, range(100)))
    bodies = dict(seen)
    assert [bodies[etag] for etag, _ in seen] == [body for _, body in seen]
    assert [body for body in bodies.values() if not body.endswith(b"END:VCALENDAR\r\n")] == []


def test_the_same_programme_has_the_same_tags_after_a_restart(settings: Settings, coordinator: Coordinator) -> None:
    with running(patient(settings)) as (server, client):
        coordinator.edit("conferences.yaml", "name: M&M", "name: Quality")
        server.book.refresh(datetime.now(UTC))
        before = client.get("/feeds/mm.ics").headers
    with running(patient(settings)) as (_, client):
        after = client.get("/feeds/mm.ics").headers
    assert [after[name] for name in ("etag", "last-modified")] == [before[name] for name in ("etag", "last-modified")]


def test_a_bad_configuration_from_the_start_is_refused(settings: Settings, coordinator: Coordinator) -> None:
    coordinator.edit("conferences.yaml", "name: M&M", "nme: M&M")
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ProgramError) as raised:
        FeedServer(with_http(settings, port=port))
    assert {problem.place.file for problem in raised.value.problems} == {"conferences.yaml"}
    listen("127.0.0.1", port).close()  # the port is free again


def test_a_port_in_use_is_said_so(settings: Settings) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(IrcalError) as raised:
            FeedServer(with_http(settings, port=port))
    assert raised.value.message == f"Port {port} on 127.0.0.1 is in use."
    assert not Path(settings.state_dir).exists()


# ---------------------------------------------------------------------------------------------- as a process of its own


@contextmanager
def process(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], IO[str], str]]:
    """`serve` in a process of its own: the process, its log, and the address that it says it serves at."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IRCAL_")}
    environment |= {
        "IRCAL_CONFIG": str(settings.config),
        "IRCAL_STATE_DIR": str(settings.state_dir),
        "IRCAL_HTTP__PORT": "0",
        "IRCAL_REFRESH_SECONDS": "0.05",
    }
    code = "from ircal.service import serve; from ircal.settings import load_settings; serve(load_settings())"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as started:
        assert started.stderr is not None
        watchdog = threading.Timer(120, started.kill)  # so that a log that says nothing comes to its end
        watchdog.start()
        try:
            lines = list(takewhile(lambda line: "Serving at " not in line, _until_serving(started.stderr)))
            yield started, started.stderr, lines[-1]
        finally:
            watchdog.cancel()
            started.kill()


def _until_serving(log: IO[str]) -> Iterator[str]:
    """The log up to the line that says where it serves, and then that address."""
    for line in log:
        if "Serving at " in line:
            yield line.partition("Serving at ")[2].partition("/feeds/")[0]
            return
        yield line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_in_good_order_when_it_is_told_to(settings: Settings, number: signal.Signals) -> None:
    with process(settings) as (started, log, url):
        assert httpx.get(f"{url}/healthz", trust_env=False).json()["status"] == "ok"
        started.send_signal(number)
        assert started.wait(timeout=60) == 0
        assert "Traceback" not in log.read()


def test_it_sees_an_edit_by_itself(settings: Settings, coordinator: Coordinator) -> None:
    with process(settings) as (started, log, url):
        coordinator.edit("conferences.yaml", "name: M&M", "nme: M&M")
        assert _next_error(log).count("; what was good before is served on.")
        assert httpx.get(f"{url}/healthz", trust_env=False).json()["status"] == "degraded"
        assert httpx.get(f"{url}/feeds/mm.ics", trust_env=False).status_code == 200
        started.terminate()


def _next_error(log: IO[str]) -> str:
    return next((line for line in log if "[error]" in line), "")
