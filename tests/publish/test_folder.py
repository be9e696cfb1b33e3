import contextlib
import json
import os
import resource
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ircal.errors import PublishError
from ircal.publish import Published, publish_folder


def files(**feeds: str) -> dict[str, bytes]:
    """`files(ada="A")` is the feed ada.ics with the text A, and the index that names it."""
    data = {f"{name}.ics": text.encode() for name, text in feeds.items()}
    return {**data, "index.json": index(data)}


def index(names: Iterable[str]) -> bytes:
    return json.dumps([{"id": name.removesuffix(".ics"), "file": name} for name in names]).encode()


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_folder_gets_everything(tmp_path: Path) -> None:
    out = tmp_path / "new" / "public"
    wanted = files(bo="B", ada="A")
    assert publish_folder(out, wanted) == Published(written=("ada.ics", "bo.ics", "index.json"))
    assert held(out) == wanted


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    wanted = files(ada="A", bo="B")
    publish_folder(tmp_path, wanted)
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in tmp_path.iterdir()}
    assert publish_folder(tmp_path, wanted) == Published(unchanged=("ada.ics", "bo.ics", "index.json"))
    assert {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in tmp_path.iterdir()} == before


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    publish_folder(tmp_path, files(ada="A", bo="B"))
    ada = (tmp_path / "ada.ics").stat()
    wanted = files(ada="A", bo="B2")
    assert publish_folder(tmp_path, wanted) == Published(written=("bo.ics",), unchanged=("ada.ics", "index.json"))
    assert held(tmp_path) == wanted
    assert (tmp_path / "ada.ics").stat() == ada


def test_ours_that_are_no_longer_wanted_go(tmp_path: Path) -> None:
    publish_folder(tmp_path, files(ada="A", bo="B"))
    (tmp_path / "foreign.ics").write_bytes(b"F")
    (tmp_path / "notes.txt").write_bytes(b"N")
    assert publish_folder(tmp_path, files(ada="A")) == Published(("index.json",), ("ada.ics",), ("bo.ics",))
    assert held(tmp_path) == {**files(ada="A"), "foreign.ics": b"F", "notes.txt": b"N"}


def test_ours_that_somebody_removed_come_back_or_stay_away(tmp_path: Path) -> None:
    publish_folder(tmp_path, files(ada="A", bo="B"))
    (tmp_path / "ada.ics").unlink()
    (tmp_path / "bo.ics").unlink()
    assert publish_folder(tmp_path, files(ada="A")) == Published(("ada.ics", "index.json"))
    assert held(tmp_path) == files(ada="A")


def test_ours_that_somebody_changed_are_put_right(tmp_path: Path) -> None:
    publish_folder(tmp_path, files(ada="A"))
    (tmp_path / "ada.ics").write_bytes(b"scribble")
    assert publish_folder(tmp_path, files(ada="A")) == Published(("ada.ics",), ("index.json",))


def test_no_feeds_at_all(tmp_path: Path) -> None:
    publish_folder(tmp_path, files(ada="A"))
    assert publish_folder(tmp_path, files()) == Published(("index.json",), (), ("ada.ics",))
    assert held(tmp_path) == files()


def test_an_earlier_run_that_was_cut_short_is_completed(tmp_path: Path) -> None:
    publish_folder(tmp_path, files(ada="A", bo="B"))
    old_index = (tmp_path / "index.json").read_bytes()
    publish_folder(tmp_path, files(ada="A2", cy="C"))
    (tmp_path / "index.json").write_bytes(old_index)  # as if the run had ended just before its last step
    assert publish_folder(tmp_path, files(ada="A2", cy="C")) == Published(("index.json",), ("ada.ics", "cy.ics"))
    assert held(tmp_path) == files(ada="A2", cy="C")


def test_others_may_read_what_is_published(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        publish_folder(tmp_path / "out", files(ada="A"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out" / "ada.ics").stat().st_mode) == 0o640


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.write_bytes(b"precious")
    (out / "ada.ics").symlink_to(elsewhere)
    publish_folder(out, files(ada="A"))
    assert elsewhere.read_bytes() == b"precious"
    assert held(out) == files(ada="A")


@pytest.mark.parametrize(
    "name",
    [
        "../ada.ics",
        "sub/ada.ics",
        "/ada.ics",
        ".ics",
        ".ada.ics",
        "Ada.ics",
        "ada.txt",
        "ada.ics\n",
        "ada",
        "a\x00.ics",
    ],
)
def test_a_name_that_is_no_feed_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a feed"):
        publish_folder(tmp_path / "out", {name: b"", "index.json": index([name])})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"[1]", b'[{"file": "bo.ics"}]', b'[{"file": "ada.ics"}, {"file": "ada.ics"}]', b'[{"id": 1}]'],
)
def test_an_index_that_does_not_name_the_feeds_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ValueError, match="must be a list of objects"):
        publish_folder(tmp_path / "out", {"ada.ics": b"", "index.json": data})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "foreign", [b"<html>", b"{}", b"[1]", b'["ada.ics"]', b'[{"file": "../../precious.ics"}]', b"\xff\xfe", b""]
)
def test_an_index_of_somebody_else_stops_everything(tmp_path: Path, foreign: bytes) -> None:
    there = {"index.json": foreign, "ada.ics": b"theirs"}
    for name, data in there.items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(PublishError) as raised:
        publish_folder(tmp_path, files(ada="A", bo="B"))
    assert raised.value.message == f"The file {tmp_path / 'index.json'} was not written by ircal."
    assert held(tmp_path) == there


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"")
    for place in (out, out / "below"):
        with pytest.raises(PublishError) as raised:
            publish_folder(place, files(ada="A"))
        assert raised.value.message == f"{place} is not a folder."


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "ada.ics").mkdir()
    with pytest.raises(PublishError) as raised:
        publish_folder(tmp_path, files(ada="A"))
    assert raised.value.message == f"{tmp_path / 'ada.ics'} is a folder where a file should be."
    assert [path.name for path in tmp_path.iterdir()] == ["ada.ics"]


def test_everything_in_the_way_is_told_before_anything_is_written(tmp_path: Path) -> None:
    publish_folder(tmp_path, files(ada="A", old="O"))
    before = held(tmp_path)
    (tmp_path / "programme.ics").mkdir()
    os.mkfifo(tmp_path / "zoe.ics")
    with pytest.raises(PublishError) as raised:
        publish_folder(tmp_path, files(ada="A2", bo="B", programme="P", zoe="Z"))
    assert raised.value.message.splitlines() == [
        f"{tmp_path / 'programme.ics'} is a folder where a file should be.",
        f"{tmp_path / 'zoe.ics'} is no file, and one should be there.",
    ]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


@contextlib.contextmanager
def as_somebody_who_may_not_do_everything() -> Iterator[None]:
    """As nobody, when the tests run as root."""
    if os.geteuid():
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_what_may_not_be_read_or_written_is_told_and_what_is_read_only_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the folders above are closed to others
    out = Path()
    publish_folder(out, files(ada="A", bo="B", cy="C"))
    tmp_path.chmod(0o777)
    (tmp_path / "bo.ics").chmod(0o444)
    (tmp_path / "cy.ics").chmod(0)
    with as_somebody_who_may_not_do_everything(), pytest.raises(PublishError) as raised:
        publish_folder(out, files(ada="A2", bo="B2", cy="C2"))
    assert raised.value.message == "cy.ics cannot be read: Permission denied."
    (tmp_path / "cy.ics").chmod(0o444)
    tmp_path.chmod(0o555)
    with as_somebody_who_may_not_do_everything(), pytest.raises(PublishError) as raised:
        publish_folder(out, files(ada="A2", bo="B2", cy="C2"))
    assert raised.value.message == ". cannot be written: Permission denied."
    tmp_path.chmod(0o777)
    assert held(tmp_path) == files(ada="A", bo="B", cy="C")
    with as_somebody_who_may_not_do_everything():
        publish_folder(out, files(ada="A2", bo="B2", cy="C2"))
    assert held(tmp_path) == files(ada="A2", bo="B2", cy="C2")


def test_a_link_to_a_folder_is_replaced_as_any_link(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "ada.ics").symlink_to(elsewhere)
    (out / "bo.ics").symlink_to("nowhere")
    publish_folder(out, files(ada="A", bo="B"))
    assert held(out) == files(ada="A", bo="B")


def test_a_folder_that_has_taken_the_name_of_an_old_feed_is_not_ours(tmp_path: Path) -> None:
    publish_folder(tmp_path, files(ada="A", bo="B"))
    (tmp_path / "bo.ics").unlink()
    (tmp_path / "bo.ics").mkdir()
    assert publish_folder(tmp_path, files(ada="A2")) == Published(("ada.ics", "index.json"))
    assert (tmp_path / "bo.ics").is_dir()


def test_a_folder_that_cannot_be_written() -> None:
    out = Path("/proc/ircal")  # not even root may make it
    with pytest.raises(PublishError) as raised:
        publish_folder(out, files(ada="A"))
    assert raised.value.message.startswith(f"{out} cannot be written: ")


@contextlib.contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """A disk that is full, as far as this process can tell."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_every_old_file_and_no_litter(tmp_path: Path) -> None:
    publish_folder(tmp_path, files(ada="A", bo="B"))
    wanted = files(ada="A2", bo="B" * 2000)
    with no_file_larger_than(1000), pytest.raises(PublishError) as raised:
        publish_folder(tmp_path, wanted)
    assert raised.value.message == f"{tmp_path / 'bo.ics'} cannot be written: File too large."
    assert held(tmp_path) == files(ada="A", bo="B")
    publish_folder(tmp_path, wanted)
    assert held(tmp_path) == wanted


FEEDS = st.dictionaries(st.sampled_from(["ada", "bo", "cy", "0-x_y"]), st.sampled_from(["1", "2"]))


@given(FEEDS, FEEDS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_there_the_folder_says_what_was_asked(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, str], second: dict[str, str]
) -> None:
    out = tmp_path_factory.mktemp("out")
    publish_folder(out, files(**first))
    done = publish_folder(out, files(**second))
    assert held(out) == files(**second)
    assert set(done.written) | set(done.unchanged) == set(files(**second))
    assert set(done.removed) == {f"{name}.ics" for name in first.keys() - second.keys()}
    assert {name.removesuffix(".ics") for name in done.written} - {"index.json"} == {
        name for name, text in second.items() if first.get(name) != text
    }
