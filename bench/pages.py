"""What a page costs: milliseconds of this process to make it, and bytes as they travel, for the example programme.

    python -m bench pages

A page should take less than 50 ms and 50 kB. The time is the processor's, the best of several, so that what else the
machine does is not counted; it has everything from the request to the compressed answer, and no network.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

from starlette.testclient import TestClient

from ircal.store import MemoryStore
from ircal.web import Opened
from ircal.web.pages import create_pages
from tests.web.pages.conftest import ASHS_SECRET, NOW, Programme, ground_of_example, rules_of

TIMES = 10
PATHS = (
    "/",
    "/?zoom=block",
    "/?zoom=week",
    "/people/elm",
    "/people/elm?view=month",
    f"/my/{ASHS_SECRET}",
    "/people/ash/on/2026-12-01",
    "/rotations/external",
    "/conferences",
    "/coverage",
    "/check",
    "/sign-in",
)


def main() -> None:
    """Print a line for each page."""
    fetched = datetime(2026, 12, 1, 11, 5, tzinfo=UTC)
    programme = Programme(ground_of_example(), secrets={ASHS_SECRET: Opened("resident-ash", fetched)})
    pages = create_pages(programme, programme, replace(rules_of(), open_to_all=True), lambda: NOW, ended=MemoryStore())
    client = TestClient(pages)
    print(f"{'page':42} {'ms':>6} {'bytes':>7}")
    for path in PATHS:
        print(f"{path:42} {_milliseconds(client, path):6.1f} {_size(client, path):7}")


def _milliseconds(client: TestClient, path: str) -> float:
    return min(_once(client, path) for _ in range(TIMES)) * 1000


def _once(client: TestClient, path: str) -> float:
    began = time.process_time()
    client.get(path).raise_for_status()
    return time.process_time() - began


def _size(client: TestClient, path: str) -> int:
    with client.stream("GET", path) as answer:
        return sum(len(piece) for piece in answer.iter_raw())
