"""Starting and stopping, and what importing the package costs."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

import ircal.google.sandbox
from ircal.errors import IrcalError
from ircal.google.sandbox import SandboxServer, World, serve
from tests.google.sandbox.client import Clock, fetch, service_at

if TYPE_CHECKING:
    from pathlib import Path


def test_a_server_listens_on_loopback_only_and_frees_its_port() -> None:
    with SandboxServer(World(Clock())) as server:
        url = server.url
        port = int(url.rstrip("/").rpartition(":")[2])
        assert url == f"http://127.0.0.1:{port}/"
        assert server.token_uri == f"http://127.0.0.1:{port}/token"
    with pytest.raises(OSError, match="refused"):
        fetch(url)
    with SandboxServer(World(Clock()), port=port) as again:
        assert again.url == url


def test_a_port_that_is_taken_is_an_error(server: SandboxServer) -> None:
    port = int(server.url.rstrip("/").rpartition(":")[2])
    with pytest.raises(IrcalError, match=rf"^Port {port} on 127\.0\.0\.1 is in use\.$"):
        SandboxServer(World(Clock()), port=port)


def test_a_calendar_that_is_named_twice_is_one() -> None:
    server = SandboxServer(World(Clock()))
    server.add_calendars([("a@example.org", "A", "UTC"), ("b@example.org", "B", "UTC"), ("a@example.org", "C", "UTC")])
    server.stop()
    assert [(each.id, each.summary) for each in server.world.calendars] == [
        ("a@example.org", "A"),
        ("b@example.org", "B"),
    ]


def test_a_key_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    server = SandboxServer(World(Clock()))
    with pytest.raises(IrcalError, match=r"The key .*/nowhere/key.json cannot be written: No such file or directory\."):
        server.write_credentials(tmp_path / "nowhere" / "key.json")
    server.stop()


def test_a_server_that_was_never_started_can_be_stopped() -> None:
    SandboxServer(World(Clock())).stop()


def test_a_server_without_a_world_makes_one_that_tells_the_time() -> None:
    with SandboxServer() as server, service_at(server.url) as service:
        made = service.calendars().insert(body={"summary": "A"}).execute()
        calendar = server.world.calendar(made["id"])
    assert calendar.updated > "2026"


def test_serve_serves_calendars_until_it_is_stopped(tmp_path: Path) -> None:
    running: list[SandboxServer] = []
    listening = threading.Event()

    def ready(server: SandboxServer) -> None:
        running.append(server)
        listening.set()

    calendars = [("a@example.org", "A", "America/New_York"), ("b@example.org", "B", "UTC")]
    arguments = {"credentials": tmp_path / "key.json", "ready": ready}
    thread = threading.Thread(target=serve, args=(0, calendars), kwargs=arguments)
    thread.start()
    assert listening.wait(timeout=10)
    with service_at(running[0].url) as service:
        listed = service.calendarList().list().execute()["items"]
    assert [(each["id"], each["summary"], each["timeZone"]) for each in listed] == calendars
    assert (tmp_path / "key.json").exists()
    running[0].stop()
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_serve_ends_quietly_when_interrupted() -> None:
    script = """if True:
        from ircal.google.sandbox import serve
        serve(0, [], ready=lambda server: print(server.url, flush=True))
        print("ended")
    """
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert fetch(url)[0].status == 200
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=10) == ("ended\n", "")
    assert process.returncode == 0


def test_the_package_re_exports_a_closed_list() -> None:
    assert ircal.google.sandbox.__all__ == ["SandboxServer", "World", "serve", "write_credentials"]
    for name in ircal.google.sandbox.__all__:
        assert getattr(ircal.google.sandbox, name).__name__ == name
    with pytest.raises(AttributeError, match="nothing"):
        _ = ircal.google.sandbox.nothing


def test_importing_the_package_alone_is_cheap() -> None:
    slow = "{'cryptography', 'dateutil', 'starlette', 'uvicorn', 'zoneinfo'}"
    script = f"import sys, ircal.google.sandbox; print(sorted({slow} & sys.modules.keys()))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
