"""Google's client goes where it is told, with everything, and nowhere else."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from pytest_socket import SocketConnectBlockedError

from ircal.errors import SettingsError
from ircal.google.client import API_ROOT, build_service, connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.google.sandbox.calls import Answer, Call, Handler
    from ircal.google.sandbox.gateway import Wrap
    from tests.sync.harness import OnSandbox

ELSEWHERE = "http://192.0.2.1:9"
"""An address of nobody (RFC 5737)."""


def addresses(api_root: str) -> tuple[str, str]:
    """Where a request and a batch go."""
    with closing(build_service(api_root, None)) as service:
        request = service.events().list(calendarId="x")
        return request.uri.split("?")[0], service.new_batch_http_request()._batch_uri


@pytest.mark.parametrize("root", ["http://127.0.0.1:8081", "http://127.0.0.1:8081/", "https://proxy.example/google"])
def test_requests_and_batches_go_to_the_root(root: str) -> None:
    base = root.rstrip("/")
    assert addresses(root) == (f"{base}/calendar/v3/calendars/x/events", f"{base}/batch/calendar/v3")


def test_the_environment_does_not_move_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_API_USE_MTLS_ENDPOINT", "always")
    monkeypatch.setenv("GOOGLE_API_USE_CLIENT_CERTIFICATE", "true")
    monkeypatch.setenv("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "elsewhere.example")
    assert addresses(API_ROOT) == (
        "https://www.googleapis.com/calendar/v3/calendars/x/events",
        "https://www.googleapis.com/batch/calendar/v3",
    )


@pytest.mark.parametrize("root", ["http://calendar.example.org", "ftp://127.0.0.1.example.org", "calendar.example.org"])
def test_a_root_that_would_show_tokens_is_refused(root: str) -> None:
    with pytest.raises(SettingsError, match="is not https") as refused:
        build_service(root, None)
    assert refused.value.remedy == "Use https://www.googleapis.com."


def test_a_batch_arrives_at_the_root(on_sandbox: OnSandbox) -> None:
    on_sandbox.server.ledger.clear()
    batch = on_sandbox.service.new_batch_http_request()
    for _ in range(2):
        batch.add(on_sandbox.service.events().list(calendarId=on_sandbox.calendar_id))
    batch.execute()
    assert [(entry.path.rsplit("/", 1)[1], entry.in_batch) for entry in on_sandbox.server.ledger.entries()] == [
        ("events", True),
        ("events", True),
        ("v3", False),
    ]


def test_a_proxy_is_not_asked_for_this_machine(on_sandbox: OnSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, ELSEWHERE)
    with closing(build_service(on_sandbox.server.url, None)) as service:
        assert service.events().list(calendarId=on_sandbox.calendar_id).execute()["items"] == []


def test_nothing_secret_is_sent_to_a_sandbox(
    faulty: Callable[[Wrap], OnSandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[set[str]] = []

    def noting(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            sent.append(set(call.headers))
            return handler(call)

        return answer

    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    harness = faulty(noting)
    with closing(connect(harness.server.url)) as service:
        service.events().list(calendarId=harness.calendar_id).execute()
    assert len(sent) == 1
    assert sent[0] & {"authorization", "cookie", "x-goog-api-key", "x-goog-user-project"} == set()


@pytest.mark.filterwarnings("ignore:A test tried to use socket")  # pytest-socket warns before it refuses
def test_these_tests_cannot_leave_this_machine() -> None:
    with (
        closing(build_service(ELSEWHERE.replace("http:", "https:"), None)) as service,
        pytest.raises(SocketConnectBlockedError),
    ):
        service.events().list(calendarId="x").execute()
