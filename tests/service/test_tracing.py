"""What a collector of traces is told by a real `ircal serve`, and what it is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from ircal.google.sandbox import SandboxServer
from ircal.store import open_store
from ircal.tracing import span, start_tracing
from tests.receiver import receiving
from tests.service.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ircal.settings import Settings
    from tests.receiver import Posted
    from tests.service.conftest import Coordinator

PATIENCE = 60
Span = tuple[str, dict[str, str | int]]


def spans(posted: Iterable[Posted]) -> Iterator[Span]:
    """The name and the facts of each span."""
    for each in posted:
        for resource in ExportTraceServiceRequest.FromString(each.body).resource_spans:
            for scope in resource.scope_spans:
                for found in scope.spans:
                    facts = {fact.key: fact.value.string_value or fact.value.int_value for fact in found.attributes}
                    yield found.name, facts


def test_a_collector_is_told_of_runs_requests_and_answers_and_of_no_secret(
    settings: Settings, coordinator: Coordinator
) -> None:
    coordinator.edit("calendars.yaml", "of: mm", "google: mm@example.org, of: mm")
    with closing(open_store(settings.store_url)) as store:
        secret = store.issue_token("ash", NOW)
    with receiving() as collector, SandboxServer() as sandbox:
        sandbox.add_calendars([("mm@example.org", "M&M", "America/New_York")])
        environment = os.environ | {
            "IRCAL_CONFIG": str(settings.config),
            "IRCAL_STATE_DIR": str(settings.state_dir),
            "IRCAL_GOOGLE__API_ROOT": sandbox.url.rstrip("/"),
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "50",
        }
        collector.statuses = [200]
        command = [sys.executable, "-m", "ircal", "serve", "--port", "0"]
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as started:
            assert started.stderr is not None
            watchdog = threading.Timer(PATIENCE, started.kill)
            watchdog.start()
            line = next(line for line in started.stderr if "Serving at " in line)
            url = line.partition("Serving at ")[2].partition("/feeds/")[0]
            assert httpx.get(f"{url}/feeds/{secret}.ics", trust_env=False).status_code == 200
            assert any("created" in line for line in started.stderr)
            started.send_signal(signal.SIGTERM)
            started.communicate()
            watchdog.cancel()
        posted = list(collector.posted)
    assert started.returncode == 0
    told = list(spans(posted))
    facts = dict(reversed(told))
    assert facts["ircal.refresh"] == {"ircal.feeds": 3}
    assert {name: facts["ircal.run"][name] for name in ("ircal.calendars", "ircal.cause", "ircal.failed")} == {
        "ircal.calendars": "mm", "ircal.cause": "start", "ircal.failed": 0,
    }  # fmt: skip
    assert facts["ircal.run"]["ircal.changes"]
    assert {"ircal.method": "GET", "ircal.calls": 1, "ircal.about": "calendar"} in [
        found for name, found in told if name == "ircal.google"
    ]
    assert {"ircal.method": "GET", "ircal.about": "ash", "ircal.status": 200} in [
        found for name, found in told if name == "ircal.answer"
    ]
    assert not [each for each in posted if secret.encode() in each.body]


def test_without_a_collector_there_are_no_traces_and_spans_do_no_harm() -> None:
    assert not start_tracing({})
    with span("test", fact=1) as facts:
        facts.tell(more="one")
    with pytest.raises(ZeroDivisionError), span("test"):
        raise ZeroDivisionError


def test_a_missing_package_is_named_and_nothing_stands_still(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    assert not start_tracing({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"})
    assert "pip install 'ircal[traces]'" in caplog.text
