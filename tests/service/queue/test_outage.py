"""A database that hangs up on everybody: workers say so in a line each, and go on."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("procrastinate", reason="needs the optional packages of PostgreSQL")

from psycopg import connect
from sqlalchemy import make_url

from ircal.logs import formatter
from ircal.service.queue.jobs import JobQueue
from tests.service.queue.test_contract import PATIENCE, Visitor, working

if TYPE_CHECKING:
    from collections.abc import Iterator


class Lines(logging.Handler):
    """Keeps every line as it would be told, and wakes who waits for one."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(formatter("text", ()))
        self.told: list[str] = []
        self.changed = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self.changed:
            self.told.append(self.format(record))
            self.changed.notify_all()

    def wait_for(self, text: str) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: any(text in line for line in self.told), PATIENCE), self.told


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def test_whoever_is_hung_up_on_goes_on_and_tells_no_trace(
    postgresql_url: str, postgresql_server: str, lines: Lines
) -> None:
    name = make_url(postgresql_url).database
    visitor, queue = Visitor(), JobQueue(postgresql_url, 1, sweep_seconds=0.2)
    visitor.go.set()
    with connect(postgresql_server, autocommit=True) as other, working(queue, visitor):
        queue.nudge(["before"])
        visitor.wait_for(lambda: visitor.begun["before"] == 1)
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        lines.wait_for("The worker has lost its queue")
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
        while not visitor.begun["after"]:
            queue.nudge(["after"])
            with visitor.changed:
                visitor.changed.wait(0.2)
    queue.close()
    assert [line for line in lines.told if "Traceback" in line] == []
