"""Who is let in, and how they are refused: passwords, cookies, forms of other sites, proxies."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer

from ircal.errors import StoreError
from ircal.store import MemoryStore
from ircal.web.pages import PageRules, Proxy, hash_password
from tests.web.pages.conftest import (
    BASE_URL,
    HASHED,
    PASSWORD,
    Programme,
    browser_at,
    coordinator_at,
    rules_of,
    serving,
)
from tests.web.pages.forms import sign_in, token_on

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_the_password_signs_in_and_leads_where_one_was_going(client: httpx.Client) -> None:
    answer = sign_in(client, PASSWORD, "/people/ash?view=month")
    assert (answer.status_code, answer.headers["location"]) == (303, "/people/ash?view=month")
    assert "Sign out" in client.get("/").text


def test_a_wrong_password_is_refused_and_begins_nothing(client: httpx.Client) -> None:
    answer = sign_in(client, PASSWORD.title())
    assert (answer.status_code, "That is not the password." in answer.text) == (403, True)
    assert "ircal" not in client.cookies
    assert "Sign out" not in client.get("/").text


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(client: httpx.Client) -> None:
    cookie = sign_in(client, PASSWORD).headers["set-cookie"]
    assert re.match(r"ircal=[^;]+; HttpOnly; Max-Age=43200; Path=/; SameSite=lax", cookie)
    assert PASSWORD not in cookie


def test_behind_tls_the_cookie_is_of_this_host_alone(programme: Programme, rules: PageRules) -> None:
    with serving(programme, replace(rules, base_url=BASE_URL)) as url, browser_at(url) as client:
        visit = client.get("/sign-in")
        assert re.match(r"__Host-ircal-visit=[^;]+; .*Path=/; .*Secure", visit.headers["set-cookie"])
        cookies = {"__Host-ircal-visit": client.cookies["__Host-ircal-visit"]}
        answer = httpx.post(
            f"{url}/sign-in",
            data={"form_token": token_on(visit), "password": PASSWORD},
            headers={"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())},
            trust_env=False,
        )
    assert re.match(r"__Host-ircal=[^;]+; HttpOnly; .*Path=/; SameSite=lax; Secure", answer.headers["set-cookie"])


@pytest.mark.parametrize(
    "going", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "", "/sign-in", "/a\nb"]
)
def test_nobody_is_led_to_another_site(client: httpx.Client, going: str) -> None:
    assert sign_in(client, PASSWORD, going).headers["location"] == "/"


def test_to_sign_out_ends_the_session_also_where_the_cookie_was_copied(client: httpx.Client) -> None:
    sign_in(client, PASSWORD)
    copied = client.cookies["ircal"]
    page = client.get("/")
    assert client.post("/sign-out", data={"form_token": token_on(page)}).status_code == 303
    assert "ircal" not in client.cookies
    client.cookies.set("ircal", copied)
    assert "Sign out" not in client.get("/").text


def test_a_session_that_was_ended_lets_nobody_in_after_a_restart_or_elsewhere(programme: Programme) -> None:
    store = MemoryStore()
    with serving(programme, rules_of(), ended=store) as url, coordinator_at(url) as client:
        copied = client.cookies["ircal"]
        assert client.post("/sign-out", data={"form_token": token_on(client.get("/"))}).status_code == 303
    with serving(programme, rules_of(), ended=store) as url, browser_at(url) as client:
        client.cookies.set("ircal", copied)
        assert "Sign out" not in client.get("/").text
        assert client.get("/api/v1/check").status_code == 401


def test_while_it_cannot_be_looked_up_nobody_is_taken_for_signed_in(programme: Programme) -> None:
    with serving(programme, rules_of(), ended=Away()) as url, coordinator_at(url) as client:
        answer = client.get("/coverage")
        assert (answer.status_code, "The store is away." in answer.text) == (503, True)
        assert "Sign out" not in answer.text
        assert client.post("/sync", data={}).status_code in {403, 404, 503}


class Away(MemoryStore):
    """A store that cannot be asked."""

    def has_ended(self, digest: str) -> bool:
        raise StoreError("The store is away.", f"It cannot be asked about {digest}.")


def test_a_session_ends_by_itself(programme: Programme, rules: PageRules) -> None:
    key = rules.secret + HASHED.encode()
    with serving(programme, replace(rules, session_seconds=60)) as url, browser_at(url) as client:
        seen = {}
        for age in (0, 50, 70):
            client.cookies.set("ircal", _signed_before(age, key))
            seen[age] = "Sign out" in client.get("/").text
    assert seen == {0: True, 50: True, 70: False}


def _signed_before(seconds: int, key: bytes) -> str:
    """A cookie as it was made so many seconds ago."""
    serializer = URLSafeTimedSerializer(key, salt="session")
    signer = serializer.make_signer("session")
    then = int(datetime.now(UTC).timestamp()) - seconds
    signer.get_timestamp = lambda: then  # type: ignore[attr-defined]
    return signer.sign(serializer.dump_payload("some-session")).decode()


@pytest.mark.parametrize("change", [{"secret": b"t" * 32}, {"password_hash": hash_password("another password")}])
def test_another_secret_or_password_ends_all_sessions(
    programme: Programme, rules: PageRules, client: httpx.Client, change: dict[str, bytes | str]
) -> None:
    sign_in(client, PASSWORD)
    with serving(programme, replace(rules, **change)) as url, browser_at(url) as other:  # type: ignore[arg-type]
        other.cookies.set("ircal", client.cookies["ircal"])
        assert "Sign out" not in other.get("/").text


def test_a_changed_cookie_is_none(client: httpx.Client) -> None:
    sign_in(client, PASSWORD)
    good = client.cookies["ircal"]
    client.cookies.set("ircal", ("A" if good[0] != "A" else "B") + good[1:])
    assert "Sign out" not in client.get("/").text


def test_a_form_without_its_token_changes_nothing(client: httpx.Client) -> None:
    sign_in(client, PASSWORD)
    answer = client.post("/sign-out", data={})
    assert (answer.status_code, "Nothing was changed" in answer.text) == (403, True)
    assert "Sign out" in client.get("/").text


def test_a_form_of_another_session_changes_nothing(programme: Programme, rules: PageRules) -> None:
    with serving(programme, rules) as url, browser_at(url) as one, browser_at(url) as other:
        sign_in(one, PASSWORD)
        sign_in(other, PASSWORD)
        answer = one.post("/sign-out", data={"form_token": token_on(other.get("/"))})
        assert answer.status_code == 403
        assert "Sign out" in one.get("/").text


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)
def test_a_form_that_comes_from_another_site_changes_nothing(client: httpx.Client, headers: dict[str, str]) -> None:
    sign_in(client, PASSWORD)
    token = token_on(client.get("/"))
    assert client.post("/sign-out", data={"form_token": token}, headers=headers).status_code == 403
    assert client.post("/sign-out", data={"form_token": token}).status_code == 303


def test_a_proxy_that_names_its_own_host_is_in_nobodys_way(programme: Programme, rules: PageRules) -> None:
    with serving(programme, replace(rules, base_url="http://calendars.example.edu")) as url, browser_at(url) as client:
        sign_in(client, PASSWORD)
        headers = {"host": "upstream:8080", "origin": "http://calendars.example.edu"}
        token = token_on(client.get("/"))
        assert client.post("/sign-out", data={"form_token": token}, headers=headers).status_code == 303


def test_a_sign_in_form_needs_the_visit_that_it_was_made_for(programme: Programme, rules: PageRules) -> None:
    with serving(programme, rules) as url, browser_at(url) as one, browser_at(url) as other:
        token = token_on(one.get("/sign-in"))
        answer = other.post("/sign-in", data={"form_token": token, "password": PASSWORD})
        assert (answer.status_code, "ircal" in other.cookies) == (403, False)


def test_after_some_wrong_passwords_right_ones_are_not_looked_at_either(programme: Programme, rules: PageRules) -> None:
    with serving(programme, replace(rules, wrong_per_minute=3)) as url, browser_at(url) as client:
        statuses = [sign_in(client, "wrong").status_code for _ in range(3)]
        answer = sign_in(client, PASSWORD)
        assert statuses == [403, 403, 403]
        assert (answer.status_code, 1 <= int(answer.headers["retry-after"]) <= 60) == (429, True)
        assert "ircal" not in client.cookies
        assert "Too many tries" in answer.text


def test_where_there_is_no_password_nobody_signs_in(programme: Programme, rules: PageRules) -> None:
    with serving(programme, replace(rules, password_hash="")) as url, browser_at(url) as client:
        page = client.get("/sign-in")
        assert "IRCAL_ADMIN__PASSWORD_HASH" in page.text
        assert 'type="password"' not in page.text
        assert 'href="/sign-in"' not in client.get("/").text


def test_an_endless_password_is_refused(client: httpx.Client) -> None:
    assert sign_in(client, "x" * 2000).status_code == 403
    answer = client.post(
        "/sign-in", content=b"x" * (65 << 10), headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert (answer.status_code, "This is too large" in answer.text) == (413, True)


# ---------------------------------------------------------------------------------------------- behind a proxy
PROXY = Proxy("X-Forwarded-Email", frozenset({"chief@example.edu"}))


@pytest.fixture
def proxied(programme: Programme, rules: PageRules) -> Iterator[httpx.Client]:
    """A client whose address is that of a trusted proxy."""
    with (
        serving(programme, replace(rules, proxy=PROXY), trusted_proxies=("127.0.0.1",)) as url,
        browser_at(url) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("named", "signed_in"),
    [
        (["chief@example.edu"], True),
        (["Chief@Example.edu"], True),
        (["resident@example.edu"], False),
        ([""], False),
        ([], False),
        (["chief@example.edu", "resident@example.edu"], False),
    ],
)
def test_a_trusted_proxy_names_who_has_signed_in(proxied: httpx.Client, named: list[str], signed_in: bool) -> None:
    page = proxied.get("/", headers=[("x-forwarded-email", each) for each in named])
    assert ("chief@example.edu" in page.text.casefold()) is signed_in
    assert ("Sign in" in page.text) is not signed_in


def test_nobody_else_is_believed(programme: Programme, rules: PageRules) -> None:
    header = {"x-forwarded-email": "chief@example.edu"}
    with serving(programme, replace(rules, proxy=PROXY), trusted_proxies=("10.0.0.0/8",)) as url:
        assert "Sign in" in httpx.get(url, headers=header, trust_env=False).text
        forged = {**header, "x-forwarded-for": "10.1.2.3"}
        assert "Sign in" in httpx.get(url, headers=forged, trust_env=False).text


def test_the_header_says_nothing_unless_it_is_switched_on(programme: Programme, rules: PageRules) -> None:
    with serving(programme, rules, trusted_proxies=("127.0.0.1",)) as url:
        assert "Sign in" in httpx.get(url, headers={"x-forwarded-email": "chief@example.edu"}, trust_env=False).text


def test_behind_a_proxy_too_forms_need_their_token(proxied: httpx.Client) -> None:
    header = {"x-forwarded-email": "chief@example.edu"}
    assert proxied.post("/sign-out", data={}, headers=header).status_code == 403


def test_the_secret_is_shown_nowhere(rules: PageRules) -> None:
    assert "ssss" not in repr(rules)
    assert "argon2" not in repr(rules)
