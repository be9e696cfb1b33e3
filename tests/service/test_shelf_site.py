"""The pages of several programmes: each its own, behind one front."""

from __future__ import annotations

import json
import re
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from ircal.accounts import google_account
from ircal.google.sandbox import SandboxServer
from ircal.google.sandbox.query import Query
from ircal.service import ShelfServer
from ircal.service.shelf_site import ShelfSite
from ircal.store import ScopedStore, open_store
from ircal.trial import SheetTrier
from ircal.web.pages import hash_password
from tests.receiver import receiving
from tests.service.running import with_http
from tests.service.test_shelf import Pushed, at, folder, running, several
from tests.web.pages.forms import sign_in, token_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx
    import pytest

    from ircal.google.sandbox.calls import Answer, Call, Handler
    from ircal.service.desk import RunDesk
    from ircal.settings import Settings

__all__ = ["folder", "several"]

PASSWORD = "the password of the office"


def guarded(settings: Settings) -> Settings:
    """So that only coordinators read, who know the password."""
    admin = settings.admin.model_copy(update={"password_hash": SecretStr(hash_password(PASSWORD))})
    closed = with_http(settings, open_pages="never", feeds_by_id="never", wrong_per_minute=1_000_000)
    return closed.model_copy(update={"admin": admin})


def signed_in(client: httpx.Client) -> httpx.Client:
    """The client, with a session of the front."""
    assert sign_in(client, PASSWORD).status_code == 303
    return client


def links(page: str) -> set[str]:
    """Every address of ours on a page, but those of style sheets and the like."""
    found = set(re.findall(r'(?:href|action|src|data-live)="(/[^"#?]*)', page))
    return {each for each in found if "/assets/" not in each}


def test_the_front_names_all_programmes_and_each_has_its_pages(several: Settings) -> None:
    with running(several, None, SheetTrier) as (server, client):
        server.shelf.refresh(datetime.now(UTC))
        front = client.get("/").text
        assert links(front) == {"/", "/programmes/east/", "/programmes/north/", "/programmes/west/"}
        assert "Interventional Radiology Residency" in front
        assert client.get("/programmes/east").headers["location"] == "/programmes/east/"
        for path in ("", "coverage", "check", "conferences", "people/ash", "rotations/icu"):
            page = client.get(f"/programmes/east/{path}")
            assert page.status_code == 200, path
            outside = {each for each in links(page.text) if not each.startswith("/programmes/east/")}
            assert outside <= {"/", "/public/east/rounds.ics"}, path
        style = re.search(r'href="([^"]+/ircal-[^"]+css)"', page.text)
        assert style
        assert client.get(style[1]).headers["content-type"].startswith("text/css")
        assert client.get("/programmes/west/api/v1/programme").json()["id"] == "west"
        assert [
            client.get(path).status_code for path in ("/programmes/nobody/", "/coverage", "/programmes/east/x")
        ] == [404] * 3


def test_a_programme_that_was_never_right_says_so_and_what_is_wrong_to_coordinators(several: Settings) -> None:
    with running(guarded(several)) as (server, client):
        server.shelf.refresh(datetime.now(UTC))
        page = client.get("/programmes/north/")
        assert page.status_code == 503
        assert "Mars" not in page.text
        figures = client.get("/metrics").text
        assert 'ircal_programme_problems{programme="north"} 1.0' in figures
        assert 'ircal_programme_loaded{programme="east"} 1.0' in figures
        assert "1 problem" not in client.get("/").text
        signed_in(client)
        assert "1 problem" in client.get("/").text
        page = client.get("/programmes/north/")
        assert page.status_code == 503
        assert "Mars" in page.text
        assert client.get("/programmes/east/").status_code == 200


def test_whoever_signs_in_at_a_programme_comes_back_there_and_is_known_in_all(several: Settings) -> None:
    with running(guarded(several)) as (_, client):
        assert client.get("/programmes/east/coverage").headers["location"] == (
            "/programmes/east/sign-in?next=%2Fprogrammes%2Feast%2Fcoverage"
        )
        page = client.get("/programmes/east/sign-in?next=/programmes/east/coverage")
        data = {"form_token": token_on(page), "password": PASSWORD, "next": "/programmes/east/coverage"}
        assert client.post("/programmes/east/sign-in", data=data).headers["location"] == "/programmes/east/coverage"
        assert client.get("/programmes/west/coverage").status_code == 200
        out = client.post("/programmes/west/sign-out", data={"form_token": token_on(client.get("/programmes/west/"))})
        assert out.headers["location"] == "/programmes/west/"
        assert client.get("/programmes/east/coverage").status_code == 303


def test_who_knows_the_password_of_one_programme_is_a_coordinator_of_it_alone(several: Settings) -> None:
    settings = guarded(several)
    own = SecretStr(f"west={hash_password('of the west')} wets={hash_password('x')}")
    admin = settings.admin.model_copy(update={"password_hashes": own})
    with running(settings.model_copy(update={"admin": admin})) as (_, client):
        signed_in(client)
        pages = ("/programmes/east/coverage", "/programmes/west/coverage")
        assert [client.get(path).status_code for path in pages] == [200, 303]
        token = token_on(client.get("/programmes/west/sign-in"))
        wrong = {"form_token": token, "password": PASSWORD}
        assert client.post("/programmes/west/sign-in", data=wrong).status_code == 403
        client.post("/programmes/west/sign-in", data={"form_token": token, "password": "of the west"})
        assert [client.get(path).status_code for path in pages] == [200, 200]
        client.cookies.delete("ircal")
        assert [client.get(path).status_code for path in pages] == [303, 200]
        client.cookies.set("ircal", client.cookies["ircal-west"])
        assert [client.get(path).status_code for path in pages] == [303, 200]


def test_a_password_for_a_programme_that_is_not_there_is_told(
    several: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    admin = several.admin.model_copy(update={"password_hashes": SecretStr("wets=$argon2id$x")})
    with caplog.at_level("WARNING"), ShelfServer(several.model_copy(update={"admin": admin})):
        assert "names 'wets', and there is no such programme" in caplog.text


def test_a_private_link_leads_to_its_own_programme_and_opens_nothing_in_another(several: Settings) -> None:
    with closing(open_store(several.store_url)) as store:
        secret = ScopedStore(store, "west").issue_token("ash", datetime.now(UTC), "ash")
    with running(guarded(several)) as (_, client):
        moved = client.get(f"/my/{secret}?view=month")
        assert (moved.status_code, moved.headers["location"]) == (307, f"/programmes/west/my/{secret}?view=month")
        page = client.get(f"/programmes/west/my/{secret}")
        assert page.status_code == 200
        assert f"/feeds/{secret}.ics" in page.text
        assert f'href="/programmes/west/my/{secret}?view=month"' in page.text
        wrong = (f"/programmes/east/my/{secret}", "/my/nobody", f"/feeds/{secret}")
        assert [client.get(path).status_code for path in wrong] == [404] * 3
        bearer = {"authorization": f"Bearer {secret}"}
        answers = [
            client.get(f"/programmes/{name}/api/v1/people/ash/agenda", headers=bearer) for name in ("west", "east")
        ]
        assert [each.status_code for each in answers] == [200, 401]


def test_the_desk_of_a_programme_sees_and_mends_its_own_calendars_alone(several: Settings, folder: Path) -> None:
    with SandboxServer() as google:
        pushed = Pushed(google)
        with running(guarded(pushed.settings(several)), google_account, SheetTrier) as (_, client):
            signed_in(client)
            for name in ("east", "west"):
                pushed.until(name, "M&M")
                until_says(client, f"/programmes/{name}/sync", "In step")
            page = client.get("/programmes/east/sync")
            assert "east@example.org" not in client.get("/programmes/west/sync").text
            assert "/programmes/east/sync/calendars/mm" in links(page.text)
            [event] = google.world.list_events("east@example.org", Query())["items"]
            with google.world.lock:
                google.world.delete("east@example.org", event["id"])
            assert pushed.titles("east") == set()
            assert "1 to add" in client.get("/programmes/east/sync/calendars/mm").text
            asked = client.post("/programmes/east/sync", data={"form_token": token_on(page)})
            assert asked.headers["location"] == "/programmes/east/sync?asked=all"
            pushed.until("east", "M&M")
            until_says(client, "/programmes/east/sync", "Resync, on this page, by coordinator")
            assert "Resync, on this page, by coordinator" not in client.get("/programmes/west/sync").text
            assert client.get("/programmes/west/sync/calendars/nobody").status_code == 404
            assert client.get("/programmes/east/preview").status_code == 200


def test_what_a_desk_applies_is_held_under_its_programme_also_when_that_is_put_away(several: Settings) -> None:
    held: list[set[str]] = []
    act: list[Callable[[], None]] = []

    def seen(handler: Handler) -> Handler:
        def answer(call: Call) -> Answer:
            if call.method != "GET" and act:
                act.pop()()
                with closing(open_store(several.store_url)) as store:
                    held.append(store.held(datetime.now(UTC)))
            return handler(call)

        return answer

    # Google cannot tell of the deletion there, as it is not https: nobody else puts it right.
    few = with_http(several, public_url="http://calendars.example.org").model_copy(update={"programmes_at_hand": 1})
    with SandboxServer(wrap=seen) as google:
        pushed = Pushed(google)
        with running(pushed.settings(few), google_account) as (server, _):
            pushed.until("east", "M&M")
            desk = desk_of(server, "east")
            until_in_step(desk)
            [event] = google.world.list_events("east@example.org", Query())["items"]
            with google.world.lock:
                google.world.delete("east@example.org", event["id"])

            def put_away() -> None:
                server.shelf.opened("west")
                server.site.prepare()

            act.append(put_away)
            run = desk.apply("mm", desk.plan("mm").checksum, "chief")
            assert (run.state, run.changes, held) == ("done", 1, [{"east/mm"}])
            assert isinstance(server.site, ShelfSite)
            assert server.site.made == ()


def desk_of(server: ShelfServer, name: str) -> RunDesk:
    """The desk of one programme, whose pages are there from now on."""
    assert isinstance(server.site, ShelfSite)
    assert server.site.pages(name)
    found = server.site.made_of(name).desk
    assert found
    return found


def until_in_step(desk: RunDesk) -> None:
    """Wait until nothing is under way."""
    limit = time.monotonic() + 20
    while [each.state for each in desk.calendars()] != ["in step"]:
        assert time.monotonic() < limit, desk.calendars()


def until_says(client: httpx.Client, path: str, text: str) -> None:
    """Wait until a page says something."""
    limit = time.monotonic() + 20
    while text not in (page := client.get(path).text):
        assert time.monotonic() < limit, page


def test_pages_follow_their_programme_and_go_when_it_is_put_away(several: Settings, folder: Path) -> None:
    few = several.model_copy(update={"programmes_at_hand": 1})
    with running(few) as (server, client):
        assert "M&amp;M" in client.get("/programmes/east/conferences").text
        at(folder, "east").edit("conferences.yaml", "name: M&M", "name: Quality")
        server.shelf.refresh(datetime.now(UTC))
        assert "Quality" in client.get("/programmes/east/conferences").text
        assert client.get("/programmes/west/").status_code == 200
        server.site.prepare()
        assert isinstance(server.site, ShelfSite)
        assert server.site.made == ("west",)
        assert "Quality" in client.get("/programmes/east/conferences").text


def test_it_is_told_which_programme_says_something_else_at_hand_or_not(several: Settings, folder: Path) -> None:
    with receiving() as receiver:
        notices = several.notices.model_copy(update={"urls": SecretStr(receiver.url)})
        with running(several.model_copy(update={"notices": notices, "programmes_at_hand": 1})) as (server, _):
            server.shelf.refresh(datetime.now(UTC))
            for count, name in enumerate(("east", "west"), 1):
                at(folder, name).edit("conferences.yaml", "name: M&M", f"name: {name} quality")
                server.shelf.refresh(datetime.now(UTC))
                told = json.loads(receiver.wait_for(count)[-1].body)
                assert told["type"].endswith("schedule.changed")
                assert (told["subject"], told["data"]["calendars"]) == (name, [f"{name}/mm"])
