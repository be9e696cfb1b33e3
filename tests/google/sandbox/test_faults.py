"""The sandbox at its worst, on a plan that can be had again."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from ircal.google.sandbox import SandboxServer
from ircal.google.sandbox.faults import CUT_AFTER, CUT_BEFORE, REFUSALS, Faults
from tests.google.sandbox.client import timed

if TYPE_CHECKING:
    from collections.abc import Sequence

CALENDAR = "residents@example.org"


def tried(server: SandboxServer, method: str, path: str, body: str = "") -> int:
    """The status of a call; 0 if the connection was cut."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5)
    try:
        connection.request(method, f"/calendar/v3/calendars/{CALENDAR}/{path}", body)
        response = connection.getresponse()
        response.read()
    except (http.client.HTTPException, OSError):
        return 0
    finally:
        connection.close()
    return response.status


def statuses(seed: int, kinds: Sequence[str], calls: int = 20) -> list[int]:
    with SandboxServer(wrap=Faults(seed, 0.5, kinds)) as server:
        server.world.add_calendar(CALENDAR, "Residents", "America/New_York")
        return [tried(server, "GET", "events") for _ in range(calls)]


def test_the_same_seed_gives_the_same_faults() -> None:
    kinds = ["quotaExceeded", "backendError", CUT_BEFORE]
    one = statuses(1, kinds)
    assert one == statuses(1, kinds)
    assert one != statuses(2, kinds)
    assert set(one) == {200, 403, 503, 0}


@pytest.mark.parametrize(("kind", "kept"), [(CUT_BEFORE, 0), (CUT_AFTER, 1)])
def test_a_connection_is_cut_before_or_after_the_write(kind: str, kept: int) -> None:
    faults = Faults(0, 1, [kind])
    with SandboxServer(wrap=faults) as server:
        server.world.add_calendar(CALENDAR, "Residents", "America/New_York")
        body: Any = {"summary": "x", **timed()}
        assert tried(server, "POST", "events", json.dumps(body)) == 0
        assert (len(server.world.calendar(CALENDAR).events), faults.made) == (kept, [kind])
        assert [entry.status for entry in server.ledger.entries()] == [0]


@pytest.mark.parametrize(
    "reason", ["authError", "requiredAccessLevel", "notFound", "tooManyRequests", "gatewayTimeout"]
)
def test_a_refusal_has_its_status(reason: str) -> None:
    assert set(statuses(3, [reason], 6)) == {200, REFUSALS[reason]}
