"""Traces: how long each part of a run, of an answer or of a new programme took, for whoever collects them.

A span is a stretch of time with a name and some facts; spans lie within one another. OpenTelemetry's API is always
there and does nothing by itself, so that a span costs a few microseconds. With its SDK installed (`ircal[traces]`), and
a collector named in `OTEL_EXPORTER_OTLP_ENDPOINT`, they are sent there; every other `OTEL_*` setting means what
OpenTelemetry says (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).

Facts are ids, counts and kinds of errors. Addresses and messages are none: the address of a feed is a secret.

    ircal.refresh    another programme is read, worked out and taken over: feeds
    ircal.run        a run over calendars: run, calendars, cause; then changes, failed
    ircal.google     one request to Google, each attempt: method, calls, about
    ircal.answer     an answer to who reads a feed, a hook or a health check: method, about, status
"""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry import trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.sdk.trace import SpanProcessor

log = logging.getLogger(__name__)

_COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

Fact = str | int | float


class Facts:
    """The facts of a span that is under way."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def tell(self, **facts: Fact) -> None:
        """Add some."""
        self._span.set_attributes(_named(facts))


@contextmanager
def span(name: str, **facts: Fact) -> Iterator[Facts]:
    """Be inside a span. What is raised ends it as failed, by its kind alone."""
    with trace.get_tracer("ircal").start_as_current_span(
        name, attributes=_named(facts), record_exception=False, set_status_on_exception=False
    ) as begun:
        try:
            yield Facts(begun)
        except BaseException as error:
            begun.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise


def _named(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {f"ircal.{name}": fact for name, fact in facts.items()}


def start_tracing(environment: Mapping[str, str] = os.environ, processor: SpanProcessor | None = None) -> bool:
    """Have spans sent to the collector that the environment names; whether they are.

    `processor` takes them instead, whatever the environment says. Nothing is raised: traces are no reason to stop.
    """
    if processor is None and not any(map(environment.get, _COLLECTORS)):
        return False
    try:
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415 optional
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 optional
    except ModuleNotFoundError as missing:
        log.warning("No traces are sent, for the package of %s is missing: pip install 'ircal[traces]'", missing.name)
        return False
    named = {} if environment.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: "ircal"}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(processor or _to_collector())
    trace.set_tracer_provider(provider)
    return True


def _to_collector() -> SpanProcessor:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 optional
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 optional

    return BatchSpanProcessor(OTLPSpanExporter())
