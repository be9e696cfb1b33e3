"""What monitoring sees of a running service: `/metrics` and `/readyz`, through a real server."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from ircal.store import Run, open_store
from tests.service.running import with_http
from tests.service.test_serving import patient, running

if TYPE_CHECKING:
    import httpx

    from ircal.settings import Settings

TOKEN = "a-token-of-32-characters-or-more"


def figures(client: httpx.Client, **headers: str) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200
    families = text_string_to_metric_families(response.text)
    return {(sample.name, *sample.labels.values()): sample.value for each in families for sample in each.samples}


def test_feeds_that_are_served_are_counted(settings: Settings) -> None:
    with running(patient(settings)) as (server, client):
        client.get("/feeds/rounds.ics")
        client.get("/feeds/rounds.ics")
        client.get("/feeds/nothing.ics")
        found = figures(client)
    assert found["ircal_answers_total", "rounds", "200"] == 2
    assert found["ircal_answers_total", "-", "404"] == 1
    assert found["ircal_programme_loaded", ""] == 1
    assert found["ircal_feed_changed_timestamp_seconds", "rounds"] == server.book.changed()["rounds"].timestamp()


def test_runs_of_every_process_are_told(settings: Settings) -> None:
    now = datetime.now(UTC)
    other = open_store(settings.store_url)  # as a worker has it
    other.end_run(Run("1", "ash", "programme", now, now, "done", created=3, calls=4))
    other.end_run(Run("2", "ash", "google", now, now, "failed", calls=1, fault="Unreachable"))
    with running(patient(settings)) as (_, client):
        found = figures(client)
    other.close()
    assert found["ircal_store_up",] == 1
    assert found["ircal_calendar_state", "ash", "failed"] == 1
    assert found["ircal_calendar_state", "ash", "done"] == 0
    assert found["ircal_calendar_last_success_timestamp_seconds", "ash"] == now.timestamp()
    assert found["ircal_runs_total", "ash", "done"] == 1
    assert found["ircal_run_faults_total", "ash", "Unreachable"] == 1
    assert found["ircal_changes_total", "ash", "created"] == 3
    assert found["ircal_google_calls_total", "ash"] == 5


def test_a_store_that_cannot_be_asked_is_told_and_feeds_are_served_on(settings: Settings) -> None:
    with running(patient(settings)) as (_, client):
        with sqlite3.connect(settings.store_url.removeprefix("sqlite:///")) as database:
            database.execute("DROP TABLE due")
        assert figures(client)["ircal_store_up",] == 0
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()) == (503, {"status": "not ready", "lacks": ["store"]})
        assert client.get("/healthz").status_code == 200
        assert client.get("/feeds/rounds.ics").status_code == 200


def test_it_is_ready_until_a_calendar_is_due_for_too_long(settings: Settings) -> None:
    other = open_store(settings.store_url)
    with running(with_http(patient(settings), longest_lag=900)) as (_, client):
        assert client.get("/readyz").json() == {"status": "ready", "lacks": []}
        other.raise_due(["ash"], "google", datetime.now(UTC) - timedelta(seconds=960))
        assert client.get("/readyz").json() == {"status": "not ready", "lacks": ["lag"]}
        assert figures(client)["ircal_calendar_lag_seconds", "ash"] >= 960
    other.close()


@pytest.mark.parametrize("bears", ["", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}", TOKEN])
def test_who_does_not_bear_the_token_finds_nothing(settings: Settings, bears: str) -> None:
    with running(with_http(patient(settings), metrics_token=SecretStr(TOKEN))) as (_, client):
        refused = client.get("/metrics", headers={"Authorization": bears})
        nothing = client.get("/feeds/nothing.ics")
        assert (refused.status_code, refused.content) == (404, nothing.content)
        assert figures(client, Authorization=f"Bearer {TOKEN}")


def test_behind_a_proxy_metrics_need_a_token(settings: Settings) -> None:
    assert settings.http.shows_metrics
    assert not with_http(settings, public_url="https://calendars.example.edu").http.shows_metrics
    with running(with_http(patient(settings), host="0.0.0.0")) as (server, client):  # noqa: S104 every address of a test
        client.base_url = server.url.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 the same
        assert client.get("/metrics").status_code == 404
