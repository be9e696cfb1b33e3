import os
from pathlib import Path

import pytest

from ircal.config import digest
from ircal.errors import ProgramError
from ircal.service.folder import FolderDigest
from tests.service.conftest import Coordinator


def test_it_is_the_digest_of_the_folder(coordinator: Coordinator) -> None:
    assert FolderDigest(coordinator.folder)() == digest(coordinator.folder)


def test_it_follows_every_edit(coordinator: Coordinator) -> None:
    changing = FolderDigest(coordinator.folder)
    seen = [changing()]
    coordinator.edit("assignments/2026.csv", "2026-10-05", "2026-10-06")
    seen.append(changing())
    coordinator.write("leave/2026.csv", "person,kind,from,to\n")
    seen.append(changing())
    (coordinator.folder / "leave" / "2026.csv").unlink()
    seen.append(changing())
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[1]


def test_an_edit_of_the_same_size_that_hides_its_time_is_seen(coordinator: Coordinator) -> None:
    changing = FolderDigest(coordinator.folder)
    before = changing()
    path = coordinator.folder / "assignments" / "2026.csv"
    times = path.stat()
    path.write_bytes(path.read_bytes().replace(b"2026-10-05", b"2026-10-06"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert changing() != before


def test_a_file_behind_a_link_is_seen(coordinator: Coordinator, tmp_path: Path) -> None:
    """As in a volume mounted from a ConfigMap, where the whole content is exchanged behind links."""
    path = coordinator.folder / "people.yaml"
    real = tmp_path / "elsewhere.yaml"
    path.rename(real)
    path.symlink_to(real)
    changing = FolderDigest(coordinator.folder)
    before = changing()
    real.write_bytes(real.read_bytes() + b"# more\n")
    assert changing() != before
    real.unlink()
    assert changing() == digest(coordinator.folder)


def test_without_a_folder_there_is_no_digest(tmp_path: Path) -> None:
    changing = FolderDigest(tmp_path / "nowhere")
    for _ in range(2):
        with pytest.raises(ProgramError) as raised:
            changing()
        assert [problem.code for problem in raised.value.problems] == ["folder-missing"]
