"""Queues: how workers come to know which calendars to look at.

A nudge says that a calendar may be due, and nothing else; whether it is, and why, is remembered elsewhere, and a worker
asks for it when it comes. So a nudge that is lost costs time only, until the sweep finds what is due:

    nudge --+--> waiting (each calendar once) --> a worker's visit (never two to one calendar)
    sweep --+

There are two adapters behind one protocol, and one suite of tests for both: threads of this process (`threads`), for
which nothing needs to last, because everything is due when a process begins; and jobs of Procrastinate in PostgreSQL
(`jobs`), for any number of processes on any number of machines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ircal.service.queue.threads import ThreadQueue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from threading import Event

    from ircal.service.queue.threads import Due, Visit

__all__ = ["Queue", "ThreadQueue"]


class Queue(Protocol):
    """Where calendars wait for a worker."""

    def nudge(self, calendars: Iterable[str]) -> None:
        """Have a worker visit each soon, and once more if one is at it now. Nothing is raised; safe from any thread."""

    def work(self, visit: Visit, due: Due, stop: Event) -> None:
        """Visit what is nudged, and what a sweep finds `due` now, until `stop` is set and the visits are over.

        Visits are made in several threads, of which never two are for one calendar, whatever other processes work on
        the same queue. What a visit raises is logged and ends that visit alone.
        """

    def close(self) -> None:
        """Let go of what it holds."""
