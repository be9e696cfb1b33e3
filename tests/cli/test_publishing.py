"""`build --out URL`: into an object store, from the outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import edit
from tests.publish.conftest import no_credentials, s3
from tests.publish.s3 import KEY_ID, SECRET, FakeS3

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal, Told

__all__ = ["no_credentials", "s3"]

OUT = "s3://feeds/cal"


def test_a_bucket_gets_the_public_calendars_alone(ircal: Ircal, small: Path, s3: FakeS3) -> None:
    told = ircal("build", "--config", str(small), "--out", OUT)
    assert (told.code, sorted(s3.objects)) == (0, ["cal/index.json", "cal/rounds.ics"])
    assert told.err.splitlines() == [
        f"{OUT}: 2 written, 0 unchanged, 0 removed.",
        "1 calendar that is not public: left out. Only where not everybody may read, publish with --all.",
    ]
    assert [each["id"] for each in json.loads(s3.objects["cal/index.json"].body)] == ["rounds"]


def test_all_of_them_only_when_asked_for(ircal: Ircal, small: Path, s3: FakeS3) -> None:
    told = ircal("build", "--config", str(small), "--out", OUT, "--all")
    assert sorted(s3.objects) == ["cal/ash.ics", "cal/index.json", "cal/rounds.ics"]
    assert "See that not everybody may read there" in told.err
    caching = {key: each.headers["cache-control"].split(",")[0] for key, each in s3.objects.items()}
    assert caching == {"cal/ash.ics": "private", "cal/index.json": "private", "cal/rounds.ics": "public"}


def test_a_calendar_that_is_public_no_more_is_removed(ircal: Ircal, small: Path, s3: FakeS3) -> None:
    ircal("build", "--config", str(small), "--out", OUT)
    edit(small, ", public: true", "")
    assert ircal("build", "--config", str(small), "--out", OUT).code == 0
    assert sorted(s3.objects) == ["cal/index.json"]


def test_a_folder_gets_the_public_ones_alone_when_asked_for(ircal: Ircal, small: Path, tmp_path: Path) -> None:
    ircal("build", "--config", str(small), "--out", "public", "--public-only")
    assert sorted(path.name for path in (tmp_path / "public").iterdir()) == ["index.json", "rounds.ics"]


def test_building_twice_writes_once_with_and_without_a_memory(
    ircal: Ircal, small: Path, s3: FakeS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    ircal("build", "--config", str(small), "--out", OUT)
    s3.written()
    monkeypatch.setenv("IRCAL_STATE_DIR", "forgotten")
    assert "0 written, 2 unchanged, 0 removed." in ircal("build", "--config", str(small), "--out", OUT).err
    assert s3.written() == []


@pytest.mark.parametrize("out", ["s3://KEY:hush@feeds/cal", "ftp://feeds/cal"])
def test_an_address_that_is_none_is_a_persons_to_mend(ircal: Ircal, small: Path, s3: FakeS3, out: str) -> None:
    told = ircal("build", "--config", str(small), "--out", out)
    assert told.code == 1
    assert_two_lines_without_a_secret(told)


@pytest.mark.parametrize(("asked", "status"), [("GET ", 403), ("GET ", 404), ("PUT cal/rounds.ics", 503)])
def test_a_store_that_refuses_is_worth_another_run(
    ircal: Ircal, small: Path, s3: FakeS3, asked: str, status: int
) -> None:
    method, _, key = asked.partition(" ")
    s3.faults[method, key] = (status, "Because")
    told = ircal("build", "--config", str(small), "--out", OUT)
    assert told.code == 4
    assert told.err.startswith(OUT)
    assert_two_lines_without_a_secret(told)


def assert_two_lines_without_a_secret(told: Told) -> None:
    assert len(told.err.splitlines()) == 2
    assert not {word for word in (SECRET, KEY_ID, "hush", "Traceback", "Debug") if word in told.out + told.err}


def test_a_place_that_refuses_is_found_before_anything_is_built(
    ircal: Ircal, small: Path, s3: FakeS3, tmp_path: Path
) -> None:
    s3.faults["GET", ""] = (403, "AccessDenied")
    ircal("build", "--config", str(small), "--out", OUT)
    assert not (tmp_path / "state").exists()
