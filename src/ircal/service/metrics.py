"""What Prometheus is told at `/metrics`, and whether all is well.

What readers are answered is counted as it happens, in this process alone, since it began. The rest is looked up when it
is asked for, and is the same from every process that shares the store: how each calendar stands, how old it is, and
what all runs came to (`ircal.store.figures`), whichever process made them. Of several that are asked, take one, not the
sum. Names and units follow Prometheus's conventions (https://prometheus.io/docs/practices/naming/): seconds, `_total`
for what only grows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from ircal.errors import StoreError
from ircal.store import CALLS, CHANGES, FAULT, RUNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from prometheus_client import Metric

    from ircal.store import Due, Run, RunState
    from ircal.web import Health

Labels = tuple[str, ...]

STATES: tuple[RunState, ...] = ("running", "done", "failed", "refused", "stopped")


class Known(Protocol):
    """What is asked of a store here."""

    def due(self) -> list[Due]:
        """The calendars that are due."""

    def last_runs(self, state: RunState | None = None) -> dict[str, Run]:
        """The newest run of each calendar, or the newest that ended so."""

    def totals(self) -> dict[tuple[str, str], int]:
        """What all runs come to, by calendar and figure."""


class Served(Protocol):
    """What is asked of whoever holds the feeds."""

    def health(self) -> Health:
        """How it is."""

    def programmes(self) -> Mapping[str, Health]:
        """How each programme is, by its name; where there is one, that is empty."""

    def changed(self) -> Mapping[str, datetime]:
        """By calendar, when its feed changed last."""


class Watched(NamedTuple):
    """What is watched, and by which clock."""

    store: Known
    served: Served
    clock: Callable[[], datetime]


class Metrics:
    """What is counted, and what is looked up. Safe from any thread."""

    def __init__(self, watched: Watched) -> None:
        self._registry = CollectorRegistry()
        text = "Answers to those who read a feed, or asked for something else than a page."
        self._answers = Counter("ircal_answers", text, ["about", "status"], registry=self._registry)
        self._registry.register(_Standing(watched))

    def answered(self, about: str, status: int) -> None:
        """Count an answer, about the calendar or whatever the log calls it."""
        self._answers.labels(about, str(status)).inc()

    def told(self, accept: str) -> tuple[str, bytes]:
        """The media type and the text, in the newest form that whoever asks can read. Blocks for the store."""
        encode, media = choose_encoder(accept)
        return media, encode(self._registry)


class _Standing(Collector):
    """What is looked up."""

    def __init__(self, watched: Watched) -> None:
        self._store, self._served, self._clock = watched

    def describe(self) -> list[Metric]:
        """Nothing is looked up to see what there is."""
        return []

    def collect(self) -> Iterator[Metric]:
        """What there is to say now."""
        yield from self._programme()
        try:
            stored = [*self._calendars(), *self._totals()]
        except StoreError:
            stored = []
        yield _gauge("store_up", "Whether the store can be asked.", {(): bool(stored)})
        yield from stored

    def _programme(self) -> Iterator[Metric]:
        found = self._served.programmes()
        loaded: dict[Labels, float] = {(name,): each.loaded for name, each in found.items()}
        yield _gauge("programme_loaded", "Whether a programme is in force.", loaded, "programme")
        text = "What is wrong with the newest configuration; the one in force is an older one then."
        problems: dict[Labels, float] = {(name,): each.problems for name, each in found.items()}
        yield _gauge("programme_problems", text, problems, "programme")
        changed: dict[Labels, float] = {(name,): at.timestamp() for name, at in self._served.changed().items()}
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

    def _totals(self) -> Iterator[Metric]:
        totals = self._store.totals()

        def of(kind: str) -> dict[Labels, float]:
            return {(name, each.removeprefix(kind)): n for (name, each), n in totals.items() if each.startswith(kind)}

        yield _counter("runs", "Runs that ended, by how; `refused` by the guard.", of(RUNS), "calendar", "state")
        yield _counter("run_faults", "Runs with an error, by its kind.", of(FAULT), "calendar", "reason")
        changes: dict[Labels, float] = {key: n for key, n in totals.items() if key[1] in CHANGES}
        yield _counter("changes", "Events that were changed in Google.", changes, "calendar", "change")
        calls: dict[Labels, float] = {(name,): n for (name, each), n in totals.items() if each == CALLS}
        yield _counter("google_calls", "Calls to Google.", calls, "calendar")


class Ready:
    """Whether all is well: a programme in force, a store that answers, no calendar due for longer than `seconds`.

    `owes` is whether something could not be written to the store, and waits until it can.
    """

    def __init__(self, watched: Watched, seconds: int, owes: Callable[[], bool]) -> None:
        self._watched = watched
        self._seconds = seconds
        self._owes = owes

    def lacks(self) -> list[str]:
        """What is not well. Blocks for the store."""
        store, served, clock = self._watched
        lacks = [] if served.health().loaded else ["programme"]
        try:
            since = min((each.since for each in store.due()), default=None)
        except StoreError:
            return [*lacks, "store"]
        if self._owes():
            lacks.append("store")
        late = self._seconds and since and (clock() - since).total_seconds() > self._seconds
        return [*lacks, "lag"] if late else lacks


def _gauge(name: str, text: str, values: Mapping[Labels, float], *labels: str) -> Metric:
    return _filled(GaugeMetricFamily(f"ircal_{name}", text, labels=labels), values)


def _counter(name: str, text: str, values: Mapping[Labels, float], *labels: str) -> Metric:
    return _filled(CounterMetricFamily(f"ircal_{name}", text, labels=labels), values)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[Labels, float]) -> Metric:
    for key, value in values.items():
        family.add_metric(key, float(value))
    return family
