"""`serve`, `sandbox` and `demo`: how they begin, and how they end when they are told to."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from ircal.cli.serving import until_stopped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Ircal


@pytest.fixture
def taken() -> Iterator[str]:
    """A port of this machine on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        yield str(somebody.getsockname()[1])


@contextlib.contextmanager
def running(folder: Path, *arguments: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """`ircal` in a process of its own, both outputs in one."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IRCAL_")}
    environment |= {"IRCAL_STATE_DIR": str(folder / "state"), "PYTHONUNBUFFERED": "1", **settings}
    command = [sys.executable, "-m", "ircal", *arguments]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        watchdog = threading.Timer(60, process.kill)  # so that a server that says nothing comes to its end
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def told_until(process: subprocess.Popen[str], text: str) -> str:
    """What it says up to the line that holds the text."""
    assert process.stdout
    told = ""
    for line in process.stdout:
        told += line
        if text in line:
            break
    assert text in told
    return told


SERVERS = {
    "serve": (("serve", "--port", "0"), "Serving at "),
    "sandbox": (("sandbox", "--port", "0"), "Ctrl-C ends it"),
    "demo": (("demo", "--port", "0", "--sandbox-port", "0"), "the feeds follow within seconds"),
}
"""How each is called, and what it says when it is ready."""


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("serve", signal.SIGTERM),
        ("sandbox", signal.SIGTERM),
        ("demo", signal.SIGTERM),
        ("demo", signal.SIGINT),
    ],
)
def test_a_server_that_is_told_to_stop_ends_well(
    small: Path, tmp_path: Path, name: str, number: signal.Signals
) -> None:
    arguments, ready = SERVERS[name]
    with running(tmp_path, *arguments, "--config", str(small)) as process:
        told_until(process, ready)
        process.send_signal(number)
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in rest


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_still_starting_ends_well_too(number: signal.Signals) -> None:
    before = signal.getsignal(signal.SIGTERM)
    ended = True
    with until_stopped():
        signal.raise_signal(number)
        ended = False
    assert ended
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(
    "arguments",
    [("serve", "--port"), ("sandbox", "--port"), ("demo", "--port"), ("demo", "--port", "0", "--sandbox-port")],
)
def test_a_port_that_was_chosen_and_is_taken(ircal: Ircal, small: Path, taken: str, arguments: tuple[str, ...]) -> None:
    told = ircal(*arguments, taken, "--config", str(small))
    assert told.code == 1
    assert f"Port {taken} on 127.0.0.1 is in use." in told.err
    assert "Pushing" not in told.out


def test_the_demo_takes_other_ports_than_its_own_where_these_are_taken_and_says_so(small: Path, tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        for port in (8080, 9000):
            with contextlib.suppress(OSError):  # somebody else has it, which is as well
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
        with running(tmp_path, "demo", "--config", str(small)) as process:
            told = told_until(process, "the feeds follow within seconds")
            (health,) = re.findall(r"http://\S+/healthz", told)
            assert not health.endswith(":8080/healthz")
            page = httpx.get(health.removesuffix("healthz"), trust_env=False)
            assert (page.status_code, "Sign in" in page.text) == (200, True)
    assert re.search(r"/sign-in    .*; the password, for this run: [\w-]{12}$", told, re.MULTILINE)
    assert "Port 8080 on 127.0.0.1 is in use. The feeds take another one." in told
    assert "Port 9000 on 127.0.0.1 is in use. The sandbox takes another one." in told


def test_a_sandbox_may_be_told_of_one_calendar_twice(small: Path, tmp_path: Path) -> None:
    twice = ("--calendar", "ash@example.org", "--calendar", "x", "--calendar", "x", "--calendar", "primary")
    with running(tmp_path, "sandbox", "--port", "0", "--config", str(small), *twice) as process:
        root = told_until(process, "3 calendars").partition(" at ")[2].split()[0]
        primary = httpx.get(f"{root}/calendar/v3/calendars/primary", trust_env=False).json()
        assert primary["summary"] == "Primary calendar"


def test_a_key_for_the_sandbox_that_cannot_be_written(ircal: Ircal, small: Path) -> None:
    told = ircal("sandbox", "--port", "0", "--config", str(small), "--credentials", "nowhere/key.json")
    assert told.code == 1
    assert "The key nowhere/key.json cannot be written: No such file or directory." in told.err


def test_a_sandbox_that_fails_on_a_plan_says_so_and_does(small: Path, tmp_path: Path) -> None:
    plan = ("--fail", "1", "--fault", "quotaExceeded", "--fault", "gatewayTimeout", "--seed", "3")
    with running(tmp_path, "sandbox", "--port", "0", "--config", str(small), *plan) as process:
        told = told_until(process, "To use it: ")
        root = re.search(r"http://[0-9.:]+", told)
        assert root
        answers = [httpx.get(f"{root[0]}/calendar/v3/calendars/primary/events") for _ in range(12)]
    assert "100% of the calls fail (quotaExceeded, gatewayTimeout), on the plan 3." in told
    assert {(each.status_code, each.json()["error"]["errors"][0]["reason"]) for each in answers} == {
        (403, "quotaExceeded"),
        (504, "backendError"),
    }


def test_kinds_of_faults_without_how_many(ircal: Ircal) -> None:
    told = ircal("sandbox", "--fault", "slow")
    assert (told.code, "--fault needs --fail SHARE" in told.err) == (64, True)
