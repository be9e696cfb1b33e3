"""One sandbox for all tests of this folder; each test has a calendar of its own on it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from ircal.google.sandbox import SandboxServer, World
from tests.google.sandbox.client import NEW_YORK, Clock, Desk, service_at

if TYPE_CHECKING:
    from collections.abc import Iterator

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[SandboxServer]:
    with SandboxServer(World(Clock())) as running:
        yield running


@pytest.fixture(scope="session")
def service(server: SandboxServer) -> Iterator[Any]:
    with service_at(server.url) as open_service:
        yield open_service


@pytest.fixture
def desk(server: SandboxServer, service: Any) -> Desk:
    """An empty calendar in New York, and a client that has not been idle for longer than a server waits."""
    service._http.close()  # there is no other way to its connections
    calendar_id = f"desk{next(_numbers)}@example.org"
    with server.world.lock:
        server.world.add_calendar(calendar_id, "Residents", NEW_YORK)
    return Desk(server, service, calendar_id)
