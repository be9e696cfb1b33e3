"""Publishing into an object store: over HTTP to an S3 of our own, and by law on obstore's own store in memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import obstore
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.store import MemoryStore

from ircal.errors import PublishError, Undelivered
from ircal.publish import Delivery, Edition, Place, Published, place_at
from ircal.publish.bucket import Bucket
from tests.publish.s3 import BUCKET, KEY_ID, SECRET, FakeS3, Stored

if TYPE_CHECKING:
    from collections.abc import Mapping

OUT = f"s3://{BUCKET}/cal"


def edition(program: str = "ir", **feeds: str) -> Edition:
    """`edition(ada="A")` has the public feed ada.ics with the text A."""
    return with_private((), program, feeds)


def with_private(private: tuple[str, ...], program: str, feeds: Mapping[str, str]) -> Edition:
    files = {f"{name}.ics": text.encode() for name, text in feeds.items()}
    index = json.dumps([{"file": name} for name in files]).encode()
    public = {"index.json", *files} - {f"{name}.ics" for name in private} - ({"index.json"} if private else set())
    return Edition(program, {**files, "index.json": index}, frozenset(public))


def place(max_age: int = 300) -> Place:
    return place_at(OUT, Delivery(max_age=max_age, attempts=1))


def texts(s3: FakeS3) -> dict[str, bytes]:
    return {key: stored.body for key, stored in s3.objects.items()}


def test_an_empty_prefix_gets_everything_and_the_index_last(s3: FakeS3) -> None:
    wanted = edition(bo="B", ada="A")
    place().look()
    assert place().publish(wanted) == Published(written=("ada.ics", "bo.ics", "index.json"))
    assert texts(s3) == {f"cal/{name}": data for name, data in wanted.files.items()}
    assert s3.written()[-1] == "PUT cal/index.json"


def test_an_object_says_what_a_cdn_and_its_readers_need(s3: FakeS3) -> None:
    place(max_age=60).publish(with_private(("bo",), "ir", {"ada": "A", "bo": "B"}))
    said = {key: (each.headers["content-type"], each.headers["cache-control"]) for key, each in s3.objects.items()}
    assert said == {
        "cal/ada.ics": ("text/calendar; charset=utf-8", "public, max-age=60, stale-if-error=86400"),
        "cal/bo.ics": ("text/calendar; charset=utf-8", "private, no-cache"),
        "cal/index.json": ("application/json", "private, no-cache"),
    }
    assert all("content-encoding" not in each.headers for each in s3.objects.values())


def test_a_second_time_writes_nothing(s3: FakeS3) -> None:
    place().publish(edition(ada="A", bo="B"))
    s3.written()
    assert place().publish(edition(ada="A", bo="B")) == Published(unchanged=("ada.ics", "bo.ics", "index.json"))
    assert s3.written() == []


def test_only_what_changed_is_written_and_what_is_not_wanted_goes_last(s3: FakeS3) -> None:
    place().publish(edition(ada="A", bo="B", cy="C"))
    s3.written()
    assert place().publish(edition(ada="A", bo="B2")) == Published(("bo.ics", "index.json"), ("ada.ics",), ("cy.ics",))
    assert s3.written() == ["PUT cal/bo.ics", "PUT cal/index.json", "DELETE cal/cy.ics"]


def test_a_new_max_age_reaches_the_objects(s3: FakeS3) -> None:
    place().publish(edition(ada="A"))
    assert place(max_age=60).publish(edition(ada="A")).written == ("ada.ics", "index.json")


def test_what_is_not_ours_stays(s3: FakeS3) -> None:
    theirs = {"cal/foreign.ics": "F", "cal/notes.txt": "N", "cal/below/ada.ics": "X", "calendar.ics": "Y"}
    s3.objects.update({key: Stored(text.encode(), {}) for key, text in theirs.items()})
    place().publish(edition("other", zoe="Z"))
    del s3.objects["cal/index.json"]
    place().publish(edition(ada="A", bo="B"))
    place().publish(edition(ada="A"))
    assert texts(s3).keys() == {*theirs, "cal/zoe.ics", "cal/ada.ics", "cal/index.json"}


@pytest.mark.parametrize("name", ["ada.ics", "index.json"])
def test_what_is_in_the_way_and_not_ours_stops_everything(s3: FakeS3, name: str) -> None:
    s3.objects[f"cal/{name}"] = Stored(b"theirs", {})
    with pytest.raises(PublishError) as raised:
        place().publish(edition(ada="A", bo="B"))
    assert raised.value.message == f"{OUT}/{name} was not written by ircal, and is left as it is."
    assert s3.written() == []


def test_two_programmes_do_not_share_a_place(s3: FakeS3) -> None:
    place().publish(edition("other", zoe="Z"))
    with pytest.raises(PublishError) as raised:
        place().publish(edition(ada="A"))
    assert raised.value.message == f"{OUT}/index.json is of the programme 'other', and is left as it is."


def test_ours_that_somebody_cut_short_is_put_right(s3: FakeS3) -> None:
    place().publish(edition(ada="A", bo="B"))
    s3.objects["cal/ada.ics"].body = b""
    assert place().publish(edition(ada="A", bo="B")).written == ("ada.ics",)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ((403, "AccessDenied"), "the object store refuses (403, AccessDenied)."),
        ((401, "Who"), "the object store refuses (401, Who)."),
        ((503, "SlowDown"), "the object store is in trouble (503, SlowDown)."),
        ((400, "AuthorizationHeaderMalformed"), "the object store does not take the request"),
        ((301, "PermanentRedirect"), "the object store does not take the request"),
    ],
)
def test_a_refusal_is_a_sentence_without_the_answer(s3: FakeS3, fault: tuple[int, str], told: str) -> None:
    s3.faults["GET", ""] = fault
    with pytest.raises(Undelivered) as raised:
        place().look()
    assert raised.value.message.startswith(f"{OUT}: {told}")
    said = f"{raised.value.message} {raised.value.remedy} {raised.value.__cause__}"
    assert SECRET not in said
    assert KEY_ID not in said


def test_a_missing_bucket_and_a_store_that_is_not_there(s3: FakeS3, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Undelivered) as missing:
        place_at("s3://nowhere/cal", Delivery(attempts=1)).look()
    assert missing.value.message == "s3://nowhere/cal: there is no such bucket (404, NoSuchBucket)."
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(Undelivered) as silent:
        place().look()
    assert silent.value.message == f"{OUT}: the object store does not answer."


def test_a_web_page_in_place_of_a_store(s3: FakeS3) -> None:
    s3.faults["GET", ""] = (200, "</Error> no store")
    with pytest.raises(Undelivered) as raised:
        place().look()
    assert raised.value.message == f"{OUT}: what answers there is not an object store."


def test_a_run_that_fails_half_way_leaves_whole_objects_and_the_next_does_the_rest(s3: FakeS3) -> None:
    place().publish(edition(ada="A", bo="B", cy="C"))
    before = texts(s3)
    s3.faults["PUT", "cal/bo.ics"] = (500, "InternalError")
    wanted = edition(ada="A2", bo="B2")
    with pytest.raises(Undelivered) as raised:
        place().publish(wanted)
    assert raised.value.message == f"{OUT}/bo.ics: the object store is in trouble (500, InternalError)."
    assert texts(s3) == {**before, "cal/ada.ics": b"A2"}
    s3.faults.clear()
    assert place().publish(wanted) == Published(("bo.ics", "index.json"), ("ada.ics",), ("cy.ics",))
    assert texts(s3) == {f"cal/{name}": data for name, data in wanted.files.items()}


FEEDS = st.dictionaries(st.sampled_from(["ada", "bo", "cy", "0-x_y"]), st.sampled_from(["1", "2"]))


@given(st.lists(FEEDS, min_size=1, max_size=4))
def test_whatever_was_there_the_bucket_says_what_was_asked(runs: list[Mapping[str, str]]) -> None:
    store = MemoryStore()
    bucket = Bucket("memory", store, 300)
    held: set[str] = set()
    for feeds in runs:
        wanted = with_private((), "ir", feeds)
        done = bucket.publish(wanted)
        found = {
            each["path"]: bytes(obstore.get(store, each["path"]).bytes()) for each in obstore.list(store).collect()
        }
        assert found == wanted.files
        assert {*done.written, *done.unchanged} == set(wanted.files)
        assert set(done.removed) == held - set(wanted.files)
        held = set(wanted.files)
