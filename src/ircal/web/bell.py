"""The bell: tells everybody who listens that something about the calendars has changed.

One look a second for all listeners together, and none while nobody listens. What has changed is not told: whoever hears
the bell asks again, so that a ring that is lost does no harm.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

log = logging.getLogger(__name__)

SECONDS = 1.0
"""Between two looks."""


class Bell:
    """Rings when `mark` gives another text; is silent for good once it gives None. `mark` may block."""

    def __init__(self, mark: Callable[[], str | None], seconds: float = SECONDS) -> None:
        self._mark = mark
        self._seconds = seconds
        self._listening: set[asyncio.Queue[str | None]] = set()
        self._looking: asyncio.Task[None] | None = None

    async def rings(self) -> AsyncIterator[str]:
        """The mark as it is now, and then each other one, until the service stops."""
        heard: asyncio.Queue[str | None] = asyncio.Queue()
        self._listening.add(heard)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            last = await self._now()
            while last is not None:
                yield last
                last = await self._another(heard, last)
        finally:
            self._listening.discard(heard)

    @staticmethod
    async def _another(heard: asyncio.Queue[str | None], last: str) -> str | None:
        """The next mark that is not the last one."""
        while (mark := await heard.get()) == last:
            pass
        return mark

    async def _look(self) -> None:
        last: str | None = ""
        while self._listening and last is not None:
            await asyncio.sleep(self._seconds)
            mark = await self._now(last)
            if mark != last:
                for each in self._listening:
                    each.put_nowait(mark)
            last = mark

    async def _now(self, otherwise: str | None = "") -> str | None:
        """The mark; what was said before where it cannot be asked for."""
        with contextlib.suppress(Exception):
            return await run_in_threadpool(self._mark)
        log.warning("What has changed cannot be asked for now.")
        return otherwise
