"""What Prometheus is told at `/metrics`.

Some of it is counted as it happens, in this process alone, since it began: answers to readers, and runs and what they
did, where this process has workers. The rest is looked up when it is asked for, and is the same from every process that
shares the store: how each calendar stands, and how old it is. Names and units follow Prometheus's conventions
(https://prometheus.io/docs/practices/naming/): seconds, `_total` for what only grows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from ircal.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from prometheus_client import Metric

    from ircal.store import Due, Run, RunState
    from ircal.web import Health

_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
"""The bounds between which runs are counted by how long they took."""

Labels = tuple[str, ...]

STATES: tuple[RunState, ...] = ("running", "done", "failed", "refused", "stopped")


class Known(Protocol):
    """What is asked of a store here."""

    def due(self) -> list[Due]:
        """The calendars that are due."""

    def last_runs(self, state: RunState | None = None) -> dict[str, Run]:
        """The newest run of each calendar, or the newest that ended so."""


class Served(Protocol):
    """What is asked of whoever holds the feeds."""

    def health(self) -> Health:
        """How it is."""

    def changed(self) -> Mapping[str, datetime]:
        """By calendar, when its feed changed last."""


class Metrics:
    """What is counted, and what is looked up. Safe from any thread."""

    def __init__(self, store: Known, served: Served, clock: Callable[[], datetime]) -> None:
        self._registry = CollectorRegistry()
        self._answers = self._counter("feed_answers", "Answers to those who read a feed.", "calendar", "status")
        self._runs = self._counter("runs", "Runs that ended, by how.", "calendar", "state")
        self._changes = self._counter("changes", "Events that were changed in Google.", "calendar", "change")
        self._calls = self._counter("google_calls", "Calls to Google's interface.", "calendar")
        self._took = Histogram("ircal_run_seconds", "How long runs took.", registry=self._registry, buckets=_SECONDS)
        self._registry.register(_Standing(store, served, clock))

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"ircal_{name}", text, labels, registry=self._registry)

    def answered(self, calendar: str, status: int) -> None:
        """Count an answer to a reader."""
        self._answers.labels(calendar, str(status)).inc()

    def ended(self, run: Run) -> None:
        """Count a run that ended."""
        self._runs.labels(run.calendar, run.state).inc()
        self._calls.labels(run.calendar).inc(run.calls)
        for change in ("created", "updated", "deleted"):
            self._changes.labels(run.calendar, change).inc(getattr(run, change))
        if run.ended:
            self._took.observe((run.ended - run.began).total_seconds())

    def told(self, accept: str) -> tuple[str, bytes]:
        """The media type and the text, in the newest form that whoever asks can read. Blocks for the store."""
        encode, media = choose_encoder(accept)
        return media, encode(self._registry)


class _Standing(Collector):
    """What is looked up."""

    def __init__(self, store: Known, served: Served, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._served = served
        self._clock = clock

    def describe(self) -> list[Metric]:
        """Nothing is looked up to see what there is."""
        return []

    def collect(self) -> Iterator[Metric]:
        """What there is to say now."""
        yield from self._programme()
        try:
            calendars = list(self._calendars())
        except StoreError:
            calendars = []
        yield _gauge("store_up", "Whether the store can be asked.", {(): bool(calendars)})
        yield from calendars

    def _programme(self) -> Iterator[Metric]:
        health = self._served.health()
        yield _gauge("programme_loaded", "Whether a programme is in force.", {(): health.loaded})
        text = "What is wrong with the newest configuration; the one in force is an older one then."
        yield _gauge("programme_problems", text, {(): health.problems})
        changed: dict[Labels, float] = {
            (calendar,): instant.timestamp() for calendar, instant in self._served.changed().items()
        }
        yield _gauge("feed_changed_timestamp_seconds", "When a feed changed last.", changed, "calendar")

    def _calendars(self) -> Iterator[Metric]:
        due, last, well = self._store.due(), self._store.last_runs(), self._store.last_runs("done")
        now = self._clock()
        lag: dict[Labels, float] = dict.fromkeys(((name,) for name in last), 0.0)
        lag |= {(each.calendar,): (now - each.since).total_seconds() for each in due}
        yield _gauge("calendar_lag_seconds", "For how long a calendar has been due.", lag, "calendar")
        states: dict[Labels, float] = {
            (name, state): run.state == state for name, run in last.items() for state in STATES
        }
        yield _gauge("calendar_state", "How the last run of a calendar stands.", states, "calendar", "state")
        success: dict[Labels, float] = {(name,): run.ended.timestamp() for name, run in well.items() if run.ended}
        text = "When a calendar was last made, or found, as it should be."
        yield _gauge("calendar_last_success_timestamp_seconds", text, success, "calendar")


class Ready:
    """Whether all is well: a programme in force, a store that answers, no calendar due for longer than `seconds`."""

    def __init__(self, store: Known, served: Served, clock: Callable[[], datetime], seconds: int) -> None:
        self._store = store
        self._served = served
        self._clock = clock
        self._seconds = seconds

    def lacks(self) -> list[str]:
        """What is not well. Blocks for the store."""
        lacks = [] if self._served.health().loaded else ["programme"]
        try:
            since = min((each.since for each in self._store.due()), default=None)
        except StoreError:
            return [*lacks, "store"]
        late = self._seconds and since and (self._clock() - since).total_seconds() > self._seconds
        return [*lacks, "lag"] if late else lacks


def _gauge(name: str, text: str, values: Mapping[Labels, float], *labels: str) -> Metric:
    family = GaugeMetricFamily(f"ircal_{name}", text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, float(value))
    return family
