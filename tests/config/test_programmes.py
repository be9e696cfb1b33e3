"""Which programmes a folder holds."""

from pathlib import Path

import pytest

from ircal.config import programmes_in


def lay(folder: Path, *files: str) -> Path:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x: 1\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["program.yaml", "west/program.yaml"], []),  # a programme, in which that is misplaced
        (["anything.yml"], []),
        (["west/program.yaml", "east/x.yml", "blocks/2026-27.csv"], ["east", "west"]),
        (["west/program.yaml", "README.md", "ircal.schema.json", ".git/x.yaml", "notes/a.md"], ["west"]),
        (["west/blocks/a.csv", "topics/x.yaml", "templates/x.yaml", "east/.x.yaml", "north/README.yaml"], []),
        (["a/b/program.yaml"], []),
        ([], []),
    ],
)
def test_the_programmes_of_a_folder(tmp_path: Path, files: list[str], names: list[str]) -> None:
    found = programmes_in(lay(tmp_path, *files))
    assert list(found.folders) == names
    assert found.folders == {name: tmp_path / name for name in names}
    assert found.problems == ()


def test_a_name_that_no_programme_can_have_is_told(tmp_path: Path) -> None:
    found = programmes_in(lay(tmp_path, "west/x.yaml", "our programme/x.yaml", "-x/x.yaml", f"{'a' * 61}/x.yaml"))
    assert list(found.folders) == ["west"]
    assert [problem.place.file for problem in found.problems] == ["-x", "a" * 61, "our programme"]


def test_links_are_followed_and_what_cannot_be_read_is_one(tmp_path: Path) -> None:
    lay(tmp_path / "elsewhere", "program.yaml")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "west").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "config" / "gone").symlink_to(tmp_path / "nowhere")
    assert list(programmes_in(tmp_path / "config").folders) == ["west"]
    assert programmes_in(tmp_path / "nowhere").folders == {}
    (tmp_path / "file").touch()
    assert programmes_in(tmp_path / "file").folders == {}
