"""What a sync costs at Google: calls, HTTP requests and time, where every request takes 50 ms on its way.

Against the sandbox, with weekly series of 40 sessions, one of which is cancelled and one moved: the first sync, one
with nothing to do, and one after a single session was moved. Calls are what Google counts, the inner ones of a batch
one by one; the access token is not counted. What a run read is remembered for the next, as by a store.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ircal.google.client import build_service
from ircal.google.identity import Mark
from ircal.google.listing import Forgetful
from ircal.google.remote import GoogleRemote
from ircal.google.sandbox import SandboxServer
from ircal.model.program import Calendar, Window
from ircal.model.schedule import Details
from ircal.model.series import Override, Series
from ircal.plan import Guard
from ircal.sync import Target, sync

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.listing import Memory
    from ircal.plan import Plan
    from ircal.sync import Outcome

LATENCY = 0.05
SIZES = (10, 100, 1000)
SESSIONS = 40

_ZONE = ZoneInfo("America/New_York")
_GOOGLE = "bench@example.org"
_CALENDAR = Calendar(id="bench", name="Bench", kind="programme", google=_GOOGLE)
_WINDOW = Window(date(2026, 7, 1), date(2027, 7, 1))
_WEEK, _HOUR = timedelta(weeks=1), timedelta(hours=1)


def main() -> None:
    """Print a table."""
    print(f"sync against the sandbox, {LATENCY * 1e3:.0f} ms a request ({datetime.now(UTC):%Y-%m-%d})")
    print(f"  {'series':>6}  {'':14} {'calls':>6} {'requests':>9} {'seconds':>8}")
    for size in SIZES:
        _measure(size)


def _measure(size: int) -> None:
    with SandboxServer() as server, closing(build_service(server.url, None)) as service:
        server.world.add_calendar(_GOOGLE, "Bench", str(_ZONE))
        requests, memory = _delayed(service), Forgetful()
        desired = tuple(_weekly(number) for number in range(size))
        edited = (_moved(desired[0], 5), *desired[1:])
        for name, wanted in (("first sync", desired), ("nothing to do", desired), ("one edit", edited)):
            requests.clear()
            server.ledger.clear()
            seconds = _seconds(lambda wanted=wanted: _sync(service, wanted, memory))  # type: ignore[misc]
            calls = sum("/batch/" not in entry.path for entry in server.ledger.entries())
            print(f"  {size:>6}  {name:14} {calls:>6} {len(requests):>9} {seconds:>8.2f}")


def _sync(service: Any, wanted: tuple[Series, ...], memory: Memory) -> None:
    remote = GoogleRemote(service, _GOOGLE, Mark("bench", "bench"), memory=memory)
    done = sync(Target(_CALENDAR, wanted, _WINDOW, remote), Guard(), _Nothing())
    if done.failed:
        raise SystemExit(f"{len(done.failed)} changes failed: {done.failed[0].error}")


def _delayed(service: Any) -> list[str]:
    """Have every request wait on its way; the addresses of those that were sent."""
    http, sent = service._http, []  # noqa: SLF001 there is no other way to it
    send: Callable[..., Any] = http.request

    def later(uri: str, *arguments: Any, **more: Any) -> Any:
        time.sleep(LATENCY)
        sent.append(uri)
        return send(uri, *arguments, **more)

    http.request = later
    return sent


def _weekly(number: int) -> Series:
    start = datetime(2026, 7, 1, 7, tzinfo=_ZONE) + timedelta(days=number % 7, minutes=5 * (number % 120))
    until = (start + (SESSIONS - 1) * _WEEK).astimezone(UTC)
    rule = f"FREQ=WEEKLY;UNTIL={until:%Y%m%dT%H%M%SZ}"
    series = Series(f"series-{number}@bench", start, start + _HOUR, Details(f"Conference {number}"), rule)
    return _moved(replace(series, exdates=(start + 10 * _WEEK,)), 20)


def _moved(series: Series, week: int) -> Series:
    """The series with one session an hour later."""
    original: Any = series.start + week * _WEEK
    override = Override(original, original + _HOUR, original + 2 * _HOUR, series.details)
    return replace(series, overrides=tuple(sorted((*series.overrides, override), key=lambda each: str(each.start))))


class _Nothing:
    """A journal that nobody reads."""

    def record(self, plan: Plan, outcome: Outcome) -> None:
        pass


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
