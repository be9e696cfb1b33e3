"""The queue of many processes: a nudge is a job of Procrastinate, in the PostgreSQL that is the store too.

Procrastinate's words, and what they do here:

    lock            no two jobs of a calendar are under way at once
    queueing_lock   no two jobs of a calendar wait at once
    heartbeat       every worker says that it lives, every few seconds
    stalled job     one of a worker that has not said so for longer: the sweep has another worker do it. Nobody else
                    does, and until then the calendar would be locked

A job has nothing in it but the calendar's id, and is taken off when it is done. It is never failed and tried again:
when a calendar is to be looked at once more is remembered with what is due, and the sweep finds it there.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from psycopg import Error as DatabaseError

from ircal.service.queue.tables import lay_jobs
from ircal.service.queue.threads import swept, visited

if TYPE_CHECKING:
    from collections.abc import Iterable
    from threading import Event

    from procrastinate.jobs import Job
    from procrastinate.manager import JobManager

    from ircal.service.queue.threads import Due, Visit

log = logging.getLogger(__name__)

TASK = "ircal:visit"

SWEEP = 5.0
"""Seconds from one sweep to the next."""
HEARTBEAT = 3.0
DEAD = 12.0
"""A worker that has not been heard of for so many seconds is dead."""
_ANSWER = 5.0
"""Seconds after which a database that gives no connection is away."""
_LONGEST_PAUSE = 30.0
_STOP_CHECK = 0.2
"""Seconds within which a worker that has nothing to do sees that it is to stop."""


class JobQueue:
    """A `Queue` in PostgreSQL. `conninfo` is its address as libpq takes it; `workers` is how many visits at once.

    Each `programme` of those that share a database has a queue of its own.
    """

    def __init__(
        self,
        conninfo: str,
        workers: int,
        programme: str = "",
        *,
        sweep_seconds: float = SWEEP,
        dead_seconds: float = DEAD,
    ) -> None:
        for name in ("procrastinate", "psycopg.pool"):  # they tell of every job and every try to connect, with traces
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._conninfo = conninfo
        self._name = _queue_name(programme)
        self._workers = workers
        self._sweep_seconds = sweep_seconds
        self._dead_seconds = dead_seconds
        self._opening = Lock()
        self._told: App | None = None

    def nudge(self, calendars: Iterable[str]) -> None:
        """Have each wait, once. A database that is away is made up for by a later sweep."""
        try:
            app = self._app()
            for calendar in calendars:
                self._defer(app, calendar)
        except (ConnectorException, DatabaseError, OSError) as error:
            log.warning("Workers cannot be nudged now, the sweep will: %s", _reason(error))

    def work(self, visit: Visit, due: Due, stop: Event) -> None:
        """Visit until stopped; see `Queue`. A database that goes away is waited for."""
        pause = 1.0
        while not stop.is_set():
            try:
                lay_jobs(self._conninfo)
                asyncio.run(self._work(visit, due, stop))
                pause = 1.0
            except Exception as error:  # noqa: BLE001 whatever the database or its driver says
                log.warning("The worker has lost its queue and tries again in %.0f s: %s", pause, _reason(error))
            if not stop.is_set():
                stop.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def close(self) -> None:
        """Let go of the connections that nudge."""
        with self._opening:
            if self._told:
                self._told.close()
                self._told = None

    def _app(self) -> App:
        with self._opening:
            if self._told is None:
                lay_jobs(self._conninfo)
                connector = SyncPsycopgConnector(conninfo=self._conninfo, min_size=0, max_size=2, timeout=_ANSWER)
                self._told = App(connector=connector).open()
            return self._told

    def _defer(self, app: App, calendar: str) -> None:
        lock = f"{self._name} {calendar}"
        job = app.configure_task(TASK, queue=self._name, lock=lock, queueing_lock=lock)
        try:
            job.defer(calendar=calendar)
        except AlreadyEnqueued:
            log.debug("%s waits already.", calendar)

    async def _work(self, visit: Visit, due: Due, stop: Event) -> None:
        """One life of a worker: it ends when it is stopped, or with the database."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(self._workers + 1, "ircal-worker"))
        app = App(
            connector=PsycopgConnector(conninfo=self._conninfo, min_size=1, max_size=self._workers + 3, timeout=_ANSWER)
        )

        @app.task(name=TASK)
        def visit_one(calendar: str) -> None:
            if not stop.is_set():  # it is still due, and a sweep will find it
                visited(visit, calendar)

        async with app.open_async():
            working = asyncio.create_task(
                app.run_worker_async(
                    queues=[self._name],
                    concurrency=self._workers,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    update_heartbeat_interval=min(HEARTBEAT, self._dead_seconds / 4),
                    stalled_worker_timeout=self._dead_seconds,
                )
            )
            sweeping = asyncio.create_task(self._sweep(app, due))
            stopping = asyncio.create_task(_until(stop))
            await asyncio.wait([working, sweeping, stopping], return_when=asyncio.FIRST_COMPLETED)
            for task in (sweeping, stopping, working):  # the worker lets its visits come to their end
                task.cancel()
            ended = await asyncio.gather(working, sweeping, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _sweep(self, app: App, due: Due) -> None:
        """Again and again: give the jobs of dead workers to the living, and nudge what is due."""
        while True:
            await self._return_stalled(app)
            found = await asyncio.to_thread(swept, due)
            await asyncio.to_thread(self.nudge, found)
            await asyncio.sleep(self._sweep_seconds)

    async def _return_stalled(self, app: App) -> None:
        jobs = app.job_manager
        for job in await jobs.get_stalled_jobs(queue=self._name, seconds_since_heartbeat=self._dead_seconds):
            log.warning("The worker that was at %s is gone; another one goes on.", job.task_kwargs.get("calendar"))
            with suppress(ConnectorException):  # another worker's sweep was quicker, or it has come to its end
                await _returned(jobs, job)
        await jobs.prune_stalled_workers(int(self._dead_seconds))


def _queue_name(programme: str) -> str:
    """The queue's name, which is a part of the name of a channel, and that must be short."""
    return f"ircal-{hashlib.sha256(programme.encode()).hexdigest()[:12]}" if programme else "ircal"


async def _returned(jobs: JobManager, job: Job) -> None:
    """Have a job wait again; where another one of the calendar waits already, that one will do."""
    try:
        await jobs.retry_job(job)
    except UniqueViolation:
        await jobs.finish_job(job, Status.ABORTED, delete_job=True)


async def _until(stop: Event) -> None:
    while not stop.is_set():  # noqa: ASYNC110 it is set by a thread, and a wait in another one could not be given up
        await asyncio.sleep(_STOP_CHECK)


def _reason(error: BaseException) -> str:
    """What the driver says, in one line; Procrastinate wraps it."""
    return " ".join(str(error.__cause__ or error).split()) or type(error).__name__
