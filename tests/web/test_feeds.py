import gzip
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from ircal.web import FeedResource, Health
from tests.web.conftest import BODY, CHANGED, NOW, PUBLIC_SECRET, SECRET, Feeds

DIGEST = hashlib.sha256(BODY).hexdigest()
PRIVATE = f"/feeds/{SECRET}.ics"
PUBLIC = "/feeds/rounds.ics"

by_id = pytest.mark.parametrize("feeds_by_id", [True], indirect=True)


def headers_of(response: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "date"}


# ------------------------------------------------------------------------------------------------------- what is served


def test_a_private_feed_under_its_secret(client: httpx.Client) -> None:
    response = client.get(PRIVATE)
    assert (response.status_code, response.content) == (200, BODY)
    assert headers_of(response) == {
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": 'inline; filename="ada.ics"',
        "content-length": str(len(BODY)),
        "etag": f'"{DIGEST}"',
        "last-modified": "Mon, 31 Aug 2026 07:30:15 GMT",
        "cache-control": "private, max-age=300, must-revalidate",
        "vary": "Accept-Encoding",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
    }


def test_a_public_feed_under_its_id(client: httpx.Client) -> None:
    response = client.get(PUBLIC)
    assert (response.status_code, response.content) == (200, BODY)
    assert headers_of(response) == {
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": 'inline; filename="rounds.ics"',
        "content-length": str(len(BODY)),
        "etag": f'"{DIGEST}"',
        "last-modified": "Mon, 31 Aug 2026 07:30:15 GMT",
        "cache-control": "public, max-age=300, must-revalidate",
        "vary": "Accept-Encoding",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


def test_a_public_feed_under_a_secret_stays_between_us(client: httpx.Client) -> None:
    response = client.get(f"/feeds/{PUBLIC_SECRET}.ics")
    assert response.content == BODY
    assert response.headers["cache-control"] == "private, max-age=300, must-revalidate"
    assert response.headers["x-robots-tag"] == "noindex"


def test_public_feeds_have_a_folder_of_their_own(client: httpx.Client) -> None:
    response = client.get("/public/rounds.ics")
    assert response.content == BODY
    assert headers_of(response) == headers_of(client.get(PUBLIC))


@by_id
def test_a_private_feed_under_its_id_where_that_is_allowed(client: httpx.Client) -> None:
    response = client.get("/feeds/ada.ics")
    assert response.content == BODY
    assert headers_of(response) == headers_of(client.get(PRIVATE))


_GET_HEAD = ("GET", "HEAD")


def test_head_says_the_same_without_the_bytes(client: httpx.Client) -> None:
    for encoding in ("identity", "gzip"):
        got, asked = (client.request(method, PRIVATE, headers={"accept-encoding": encoding}) for method in _GET_HEAD)
        assert (asked.status_code, asked.content) == (200, b"")
        assert headers_of(asked) == headers_of(got)


def test_an_encoded_address_is_the_same_address(client: httpx.Client) -> None:
    assert client.get("/feeds/%72ounds%2Eics?x=1").content == BODY


def test_a_secret_that_another_process_issued_opens_its_feed(client: httpx.Client, feeds: Feeds) -> None:
    feeds.unseen, feeds.secrets = feeds.secrets, {}
    assert client.get(PRIVATE).content == BODY
    assert feeds.unseen is None


def test_a_part_of_a_feed_is_not_sent(client: httpx.Client) -> None:
    """A server may ignore Range (RFC 9110, 14.2); a calendar is of no use in parts."""
    response = client.get(PRIVATE, headers={"range": "bytes=0-9"})
    assert (response.status_code, response.content) == (200, BODY)


def test_a_new_edition_is_served_at_once(client: httpx.Client, feeds: Feeds) -> None:
    first = client.get(PRIVATE)
    feeds.by_calendar["ada"] = FeedResource("ada", b"NEW", CHANGED + timedelta(seconds=1))
    second = client.get(PRIVATE, headers={"if-none-match": first.headers["etag"]})
    assert (second.status_code, second.content) == (200, b"NEW")


# ----------------------------------------------------------------------------------------------------------- conditions


@pytest.mark.parametrize(
    "tags",
    [
        f'"{DIGEST}"',
        f'W/"{DIGEST}"',
        f'"other", W/"a,b" , "{DIGEST}"',
        "*",
    ],
)
def test_what_the_client_has_already_is_not_sent_again(client: httpx.Client, tags: str) -> None:
    full = client.get(PRIVATE)
    response = client.get(PRIVATE, headers={"if-none-match": tags})
    assert (response.status_code, response.content) == (304, b"")
    kept = ("etag", "last-modified", "cache-control", "vary")  # and nothing else: RFC 9110, 15.4.5
    assert headers_of(response) == {key: full.headers[key] for key in kept}


@pytest.mark.parametrize("tags", ['"other"', f'"{DIGEST}-gzip"', DIGEST, "", f'"x{DIGEST}"', '"*"'])
def test_what_the_client_has_not_is_sent_whatever_the_date(client: httpx.Client, tags: str) -> None:
    headers = {"if-none-match": tags, "if-modified-since": "Tue, 01 Sep 2026 07:30:15 GMT"}
    assert client.get(PRIVATE, headers=headers).status_code == 200


def test_several_lines_of_tags_are_one_list(client: httpx.Client) -> None:
    lines = [("if-none-match", '"other"'), ("if-none-match", f'"{DIGEST}"')]
    assert client.get(PRIVATE, headers=lines).status_code == 304


@pytest.mark.parametrize(
    ("date", "status"),
    [
        ("Mon, 31 Aug 2026 07:30:14 GMT", 200),
        ("Mon, 31 Aug 2026 07:30:15 GMT", 304),
        ("Mon, 31 Aug 2026 07:30:16 GMT", 304),
        ("Monday, 31-Aug-26 07:30:15 GMT", 304),
        ("Mon Aug 31 07:30:15 2026", 304),
        ("Mon, 31 Aug 2026 07:30:15 +0200", 200),
        ("yesterday", 200),
        ("2026-08-31T07:30:15Z", 200),
        ("", 200),
        ("Mon, 99 Aug 2026 07:30:15 GMT", 200),
        ("Mon, 31 Aug 99999999999 07:30:15 GMT", 200),
    ],
)
def test_a_date_serves_clients_without_tags(client: httpx.Client, date: str, status: int) -> None:
    assert client.get(PRIVATE, headers={"if-modified-since": date}).status_code == status


def test_no_change_lies_in_the_future(client: httpx.Client, feeds: Feeds) -> None:
    feeds.now = CHANGED - timedelta(days=1, milliseconds=-500)
    response = client.get(PRIVATE)
    assert response.headers["last-modified"] == "Sun, 30 Aug 2026 07:30:15 GMT"
    again = client.get(PRIVATE, headers={"if-modified-since": response.headers["last-modified"]})
    assert again.status_code == 200
    feeds.now = NOW
    assert client.get(PRIVATE).headers["last-modified"] == "Mon, 31 Aug 2026 07:30:15 GMT"


# ----------------------------------------------------------------------------------------------------------------- gzip


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [
        ("gzip", True),
        ("br, GZip;q=0.5", True),
        ("x-gzip", True),
        ("*", True),
        ("deflate, *;q=0.1", True),
        ("identity;q=0.5, gzip;q=0.5", True),
        ("identity;q=0, gzip ; Q=0.001", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("identity, gzip;q=0.9", False),
        ("br", False),
        ("", False),
        (",;,=", False),
        ("identity", False),
    ],
)
def test_gzip_is_sent_to_those_who_accept_it(client: httpx.Client, accepted: str, zipped: bool) -> None:
    with client.stream("GET", PRIVATE, headers={"accept-encoding": accepted}) as response:
        sent = b"".join(response.iter_raw())
    assert response.headers.get("content-encoding") == ("gzip" if zipped else None)
    assert response.headers["etag"] == (f'"{DIGEST}-gzip"' if zipped else f'"{DIGEST}"')
    assert response.headers["content-length"] == str(len(sent))
    assert response.headers["vary"] == "Accept-Encoding"
    assert (gzip.decompress(sent) if zipped else sent) == BODY


def test_each_coding_has_its_own_tag(client: httpx.Client) -> None:
    def status(accepted: str, tag: str) -> int:
        return client.get(PRIVATE, headers={"accept-encoding": accepted, "if-none-match": tag}).status_code

    plain, zipped = f'"{DIGEST}"', f'"{DIGEST}-gzip"'
    assert [status("identity", plain), status("gzip", zipped)] == [304, 304]
    assert [status("identity", zipped), status("gzip", plain)] == [200, 200]


def test_the_same_bytes_give_the_same_gzip() -> None:
    assert FeedResource("a", BODY, CHANGED).gzipped == FeedResource("a", BODY, CHANGED).gzipped
    assert FeedResource("a", BODY, CHANGED).gzipped.body[4:8] == b"\0\0\0\0"  # no time in it (RFC 1952, 2.3.1)


# --------------------------------------------------------------------------------------------------------------- health


@pytest.mark.parametrize(
    ("health", "status", "told"),
    [
        (Health(True, 2, 0), 200, {"status": "ok", "loaded": True, "feeds": 2, "problems": 0}),
        (Health(True, 2, 3), 200, {"status": "degraded", "loaded": True, "feeds": 2, "problems": 3}),
        (Health(False, 0, 3), 503, {"status": "down", "loaded": False, "feeds": 0, "problems": 3}),
    ],
)
def test_health(client: httpx.Client, feeds: Feeds, health: Health, status: int, told: dict[str, object]) -> None:
    feeds.state = health
    response = client.get("/healthz")
    assert (response.status_code, json.loads(response.content)) == (status, told)
    assert response.headers["cache-control"] == "no-store"


def test_without_a_programme_no_calendar_is_said_to_be_gone(client: httpx.Client, feeds: Feeds) -> None:
    feeds.state = replace(feeds.state, loaded=False)
    responses = [client.get(PRIVATE), client.get("/feeds/nothing.ics")]
    assert [(each.status_code, each.headers["retry-after"]) for each in responses] == [(503, "30")] * 2


# ------------------------------------------------------------------------------------------------------ many at a time


def test_many_readers_each_see_one_whole_edition(client: httpx.Client, feeds: Feeds) -> None:
    editions = [FeedResource("ada", b"%d" % n * 3000, CHANGED + timedelta(seconds=n)) for n in range(10)]
    whole = {edition.plain.body: edition.plain.etag for edition in editions}
    feeds.by_calendar["ada"] = editions[0]

    def read(number: int) -> tuple[bytes, str]:
        feeds.by_calendar["ada"] = editions[number % 10]
        response = client.get(PRIVATE)
        return response.content, response.headers["etag"]

    with ThreadPoolExecutor(20) as pool:
        seen = list(pool.map(read, range(100)))
    assert [etag for _, etag in seen] == [whole[body] for body, _ in seen]


# ------------------------------------------------------------------------------------- programmes that are not at hand


def test_a_feed_that_is_away_is_fetched_first(feeds: Feeds, client: httpx.Client) -> None:
    there = replace(feeds.by_calendar["rounds"], calendar="west/rounds")
    feeds.away["west/rounds"] = {"west/rounds": there}
    assert client.get("/public/west/rounds.ics").content == BODY
    feeds.away["west/rounds"] = {"west/rounds": feeds.by_calendar.pop("west/rounds")}
    assert client.get("/feeds/west/rounds.ics").content == BODY


def test_a_private_feed_that_is_away_is_fetched_for_its_secret(feeds: Feeds, client: httpx.Client) -> None:
    feeds.away["ada"] = {"ada": feeds.by_calendar.pop("ada")}
    assert client.get(PRIVATE).content == BODY


@pytest.mark.parametrize("path", [PRIVATE, "/public/ada.ics"])
def test_a_feed_that_cannot_be_fetched_is_not_there_for_now(feeds: Feeds, client: httpx.Client, path: str) -> None:
    feeds.away["ada"] = {}
    del feeds.by_calendar["ada"]
    assert client.get(path).status_code == 503


@pytest.mark.parametrize("path", ["/feeds/a/b/c.ics", "/feeds//b.ics", "/feeds/a/.ics", "/public/a%2Fb%2Fc.ics"])
def test_an_address_with_more_names_than_two_is_looked_up_nowhere(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404
