"""When a calendar is tried again on which runs have failed: soon at first, and then less and less often. Pure.

A trigger that comes meanwhile is heeded at once; what waits is only the trying again by ourselves. A plan that the
guard refused is not tried again at all, for only a person, or a newer programme, can make it another one.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ircal.store import Run

FIRST = timedelta(seconds=5)
LONGEST = timedelta(minutes=15)
LOOKED_AT = 9
"""So many runs are looked at: by then the pause is as long as it gets."""


def rests_until(runs: Sequence[Run]) -> datetime | None:
    """Until when a calendar is left alone, by its newest runs, newest first; None if it is not."""
    failed = list(takewhile(lambda run: run.state == "failed", runs))
    if not failed or failed[0].ended is None:
        return None
    pause: timedelta = FIRST * 2 ** (len(failed) - 1)
    return failed[0].ended + min(pause, LONGEST)
