"""A process that syncs, to be killed: `python -m tests.google.killed <API root> <calendar> <store>`."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import date, timedelta

from ircal.google.client import build_service
from ircal.google.identity import Mark
from ircal.google.remote import GoogleRemote
from ircal.plan import Guard
from ircal.store import open_store
from ircal.sync import Synced, Target, sync
from ircal.wiring.remembered import StoreMemory, StoreQuarantine
from tests.plan.making import CALENDAR, WINDOW, block, cancelling, differing, single, weekly
from tests.sync.harness import Notebook

BEFORE = (differing(weekly("m"), 2, summary="Guest"), single("kept"), single("gone"), weekly("moved"))
AFTER = (
    differing(cancelling(weekly("m", summary="Renamed"), 1), 3, later=timedelta(days=1)),
    single("kept", summary="B"),
    differing(weekly("moved", weeks=5), 2, later=timedelta(days=1)),
    differing(weekly("new"), 2, summary="Guest"),
    block("b", date(2026, 9, 1)),
)


def run(api_root: str, calendar_id: str, store_url: str) -> Synced:
    """Sync what is wanted in the end."""
    with closing(build_service(api_root, None)) as service, closing(open_store(store_url)) as store:
        memory, quarantine = StoreMemory(store, calendar_id), StoreQuarantine(store, calendar_id)
        remote = GoogleRemote(service, calendar_id, Mark("tests", "conferences"), batch_size=2, memory=memory)
        return sync(Target(CALENDAR, AFTER, WINDOW, remote, quarantine), Guard(allow=True), Notebook())


if __name__ == "__main__":
    run(*sys.argv[1:])
