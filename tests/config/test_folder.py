"""Which files belong to a configuration, and when it has changed."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ircal.config import digest, load
from ircal.errors import ProgramError
from ircal.model.place import Place
from tests.config.conftest import Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def test_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ProgramError) as caught:
        load(tmp_path / "nowhere")
    (problem,) = caught.value.problems
    assert (problem.code, problem.place) == ("folder-missing", Place("."))
    assert problem.message == f"there is no folder {tmp_path / 'nowhere'}"


def test_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProgramError) as caught:
        load(tmp_path / "file")
    assert [problem.message for problem in caught.value.problems] == [f"{tmp_path / 'file'} is a file, not a folder"]


@pytest.mark.parametrize("names", [(), ("README.md", ".hidden", "notes.md")], ids=["empty", "only notes"])
def test_folder_without_configuration(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(ProgramError) as caught:
        load(tmp_path)
    assert [str(problem) for problem in caught.value.problems] == [
        (
            f".: error: {tmp_path} holds no configuration "
            "(start with a file programme.yaml that has the section `program:`) [folder-empty]"
        )
    ]


def test_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "config").mkdir(mode=0)
    monkeypatch.chdir(tmp_path)
    with nobody_special(), pytest.raises(ProgramError) as caught:
        load(Path("config"))
    assert [problem.code for problem in caught.value.problems] == ["folder-unreadable"]


@pytest.mark.parametrize(
    "name",
    ["README", "README.txt", "notes.md", "ircal.schema.json", ".hidden", "~$grid.xlsx", "people.yaml~", "x.template",
     "blocks/README.md", "templates/people.xlsx", ".git/config.yaml"],
)  # fmt: skip
def test_passed_over(folder: Folder, name: str) -> None:
    before = digest(folder.path)
    folder.write(name, "this is not: {YAML")
    assert folder.told() == []
    assert digest(folder.path) == before


UNKNOWN = "save tables as CSV (UTF-8) and everything else as YAML, or move it out of the folder"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("grid.xlsx", f"grid.xlsx: error: this kind of file is not read ({UNKNOWN}) [file-unknown]"),
        ("notes.txt", f"notes.txt: error: this kind of file is not read ({UNKNOWN}) [file-unknown]"),
        ("leave/a.CSV", "leave/a.CSV: error: the ending .CSV is not read (name it .csv) [file-unknown]"),
        ("blocks/deep/a.csv", f"blocks/deep: error: this kind of file is not read ({UNKNOWN}) [file-unknown]"),
    ],
)
def test_other_files_are_refused(folder: Folder, name: str, told: str) -> None:
    folder.write(name, "x")
    assert folder.told() == [told]


def test_links_are_followed_as_in_a_mounted_volume(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    mounted = tmp_path_factory.mktemp("volume")
    (mounted / "..data").symlink_to(folder.path, target_is_directory=True)
    for path in folder.path.iterdir():
        (mounted / path.name).symlink_to(mounted / "..data" / path.name)
    assert load(mounted) == folder.load()


def test_link_to_nothing(folder: Folder) -> None:
    (folder.path / "x.yaml").symlink_to(folder.path / "nothing")
    assert folder.told() == [
        (
            "x.yaml: error: the file cannot be read: No such file or directory "
            "(check that it exists and that ircal may read it) [file-unreadable]"
        )
    ]


def test_folder_inside_that_may_not_be_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.load()  # all that is imported on the way is there
    folder.path.chmod(0o755)
    (folder.path / "blocks").chmod(0)
    monkeypatch.chdir(folder.path)
    with nobody_special():
        told = Folder(Path()).told()
    (folder.path / "blocks").chmod(0o755)
    assert told == [
        (
            "blocks: error: the folder cannot be read: Permission denied "
            "(check that it exists and that ircal may read it) [file-unreadable]"
        )
    ]


@contextmanager
def nobody_special() -> Iterator[None]:
    """Whoever runs the tests, not as the superuser, who may read everything."""
    before = os.geteuid()
    os.seteuid(before or 65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize(
    "make",
    [Path.touch, lambda path: path.symlink_to("nowhere"), os.mkfifo],
    ids=["file", "link to nothing", "pipe"],
)
def test_something_else_in_place_of_a_folder_of_tables(folder: Folder, make: Callable[[Path], object]) -> None:
    (folder.path / "leave").rename(folder.path / "templates")
    make(folder.path / "leave")
    assert folder.told() == [
        (
            "leave: error: leave should be a folder that holds CSV files "
            "(make the folder, and move this into it as a .csv file) [file-misplaced]"
        )
    ]


def test_pipe_does_not_keep_us_waiting(folder: Folder) -> None:
    os.mkfifo(folder.path / "x.yaml")
    assert folder.told() == [
        "x.yaml: error: this is not a file (move it out of the folder) [file-unreadable]",
    ]


def test_large_file_is_not_read(folder: Folder) -> None:
    with (folder.path / "x.yaml").open("wb") as file:
        file.truncate(5_000_001)
    assert folder.told() == [
        (
            "x.yaml: error: the file has 5000001 bytes; more than 5000000 are not read "
            "(divide it, or move it out of the folder) [file-too-large]"
        )
    ]


def test_file_name_that_is_not_text(folder: Folder) -> None:
    try:
        (folder.path / os.fsdecode(b"\xff.yaml")).write_text("sites: {")
    except OSError:
        pytest.skip("this file system wants names that are text")
    assert [line.partition(" error")[0] for line in folder.told()] == ["\\xff.yaml:1, column 9:"]
    assert digest(folder.path)


def test_digest_is_of_names_and_bytes(folder: Folder) -> None:
    before = digest(folder.path)
    assert digest(folder.path) == before
    people = folder.path / "people.yaml"
    people.rename(folder.path / "staff.yaml")
    renamed = digest(folder.path)
    (folder.path / "staff.yaml").rename(people)
    assert digest(folder.path) == before
    people.write_text(people.read_text() + "\n")
    changed = digest(folder.path)
    folder.write("grid.xlsx", "x")
    assert len({before, renamed, changed, digest(folder.path)}) == 4


def test_digest_of_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ProgramError):
        digest(tmp_path / "nowhere")
