"""Files are watched by the operating system's own events, in every way in which a folder may be changed."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from ircal.service.files import Places, watch_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 30


class Seen:
    """How often it was told that something was saved, and what the folder said then."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts: list[str] = []
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.texts.append(text_in(self.folder))
            self._changed.notify_all()

    def wait_for(self, text: str, again: Callable[[], object] = lambda: None) -> None:
        """Wait until it was told when the folder said so; `again` is done now and then, until watching has begun."""
        with self._changed:
            for _ in range(PATIENCE * 5):
                if self._changed.wait_for(lambda: text in self.texts, 0.2):
                    return
                again()
        raise AssertionError(self.texts)


def text_in(folder: Path) -> str:
    try:
        return (folder / "programme.yaml").read_text()
    except OSError:
        return ""


@contextmanager
def watching(folder: Path) -> Iterator[Seen]:
    """A watch over a folder that has begun: it has told of a file once."""
    seen, stop = Seen(folder), threading.Event()
    thread = threading.Thread(target=watch_files, args=(folder, seen, stop))
    thread.start()
    try:
        began = folder.parent / "began" if not folder.exists() else folder / "began.yaml"
        began.write_text("")
        seen.wait_for(text_in(folder), lambda: began.write_text(f"{began.stat().st_mtime_ns}"))  # else it is no change
        seen.texts.clear()
        yield seen
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def lay(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "programme.yaml").write_text(text)
    return folder


def test_a_file_that_is_saved(tmp_path: Path) -> None:
    folder = lay(tmp_path / "config", "one")
    (folder / "blocks").mkdir()
    with watching(folder) as seen:
        (folder / "programme.yaml").write_text("two")
        seen.wait_for("two")
        seen.texts.clear()
        (folder / "blocks" / "2026.csv").write_text("person")
        seen.wait_for("two")


def test_a_file_in_a_new_folder(tmp_path: Path) -> None:
    folder = lay(tmp_path / "config", "one")
    with watching(folder) as seen:
        (folder / "leave").mkdir()
        seen.wait_for("one")
        seen.texts.clear()
        (folder / "leave" / "2026.csv").write_text("person")
        seen.wait_for("one")


def test_a_folder_that_takes_the_place_of_another(tmp_path: Path) -> None:
    folder = lay(tmp_path / "config", "one")
    new = lay(tmp_path / "new", "two")
    with watching(folder) as seen:
        folder.rename(tmp_path / "old")
        new.rename(folder)
        seen.wait_for("two")
        seen.texts.clear()
        (folder / "programme.yaml").write_text("three")  # it is the new folder that is watched
        seen.wait_for("three")


@pytest.mark.parametrize("below", ["", "config"])
def test_a_link_that_points_elsewhere(tmp_path: Path, below: str) -> None:
    lay(tmp_path / "releases" / "1" / below, "one")
    lay(tmp_path / "releases" / "2" / below, "two")
    current = tmp_path / "current"
    current.symlink_to("releases/1")
    with watching(current / below) as seen:
        swap(current, "releases/2")
        seen.wait_for("two")
        seen.texts.clear()
        (current / below / "programme.yaml").write_text("three")
        seen.wait_for("three")


def swap(link: Path, target: str) -> None:
    """Have a link point elsewhere, in one step."""
    new = link.with_name(f"{link.name}_tmp")
    new.symlink_to(target)
    new.replace(link)


def test_a_volume_of_kubernetes(tmp_path: Path) -> None:
    """Its files are links by way of `..data`, which is swapped."""
    volume = tmp_path / "volume"
    lay(volume / "..2026_11_01", "one")
    lay(volume / "..2026_11_02", "two")
    (volume / "..data").symlink_to("..2026_11_01")
    (volume / "programme.yaml").symlink_to("..data/programme.yaml")
    with watching(volume) as seen:
        swap(volume / "..data", "..2026_11_02")
        seen.wait_for("two")


def test_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    seen, stop = Seen(folder), threading.Event()
    thread = threading.Thread(target=watch_files, args=(folder, seen, stop))
    thread.start()
    lay(folder, "one")
    seen.wait_for("one", lambda: (folder / "programme.yaml").write_text("one"))
    stop.set()
    thread.join(PATIENCE)


def test_what_happens_beside_the_folder_does_not_matter(tmp_path: Path) -> None:
    """A log or a database that is written there would else wake us for ever."""
    folder = lay(tmp_path / "real", "one")
    (folder / "blocks").mkdir()
    link = tmp_path / "config"
    link.symlink_to("real")
    places = Places.of(link)
    assert places.watched == {link, tmp_path, link / "blocks"}
    matters = (link, folder, link / "programme.yaml", link / "blocks" / "2026.csv")
    beside = (tmp_path / "serve.log", tmp_path / "state")
    assert [places.matters(path) for path in (*matters, *beside)] == [True, True, True, True, False, False]


def test_links_in_a_circle_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert Places.of(tmp_path / "a").watched == {tmp_path}
