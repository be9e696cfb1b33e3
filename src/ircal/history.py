"""What a configuration folder was, according to git: `git:REV`, or `git:REV:PATH` for another folder of the repository.

Plain `REV` will do where no file or folder is called so.

Nothing is checked out: git packs the folder of that revision (`git archive`), and that is laid into a folder of its
own, which is gone afterwards. A revision is whatever git calls so: `HEAD~1`, a branch, a tag, a hash.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ircal.errors import RevisionUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "git:"
LARGEST = 50 << 20
"""Bytes of all files of a configuration together; a complete one has a thousandth of it."""
_MOST_FILES = 10_000
_PATIENCE = 60


@contextmanager
def folder_at(source: str, folder: Path) -> Iterator[Path]:
    """The folder that a text names: a path, or (`git:REV`) what the configuration folder was at a revision.

    `git:` may be left out where there is no such path, and git knows the revision. Raises RevisionUnreadable.
    """
    if not source.startswith(PREFIX) and not _is_revision(source, folder):
        yield Path(source)
        return
    revision, _, path = source.removeprefix(PREFIX).partition(":")
    with TemporaryDirectory(prefix="ircal-") as laid:
        _lay(revision, path, folder.resolve(), Path(laid))
        yield Path(laid)


def _is_revision(source: str, folder: Path) -> bool:
    """Whether a text that is no path is a revision of the folder's repository."""
    if Path(source).exists() or source.startswith("-") or not (folder.is_dir() and shutil.which("git")):
        return False
    return bool(_commit(folder, source.partition(":")[0]))


def _commit(folder: Path, revision: str) -> str:
    """The hash of a revision; empty text for what is none."""
    return _asked(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")


def _lay(revision: str, path: str, folder: Path, into: Path) -> None:
    if not revision or revision.startswith("-"):
        raise RevisionUnreadable(f"'{revision}' is not a revision.", "Write it as git:HEAD~1, or git:REV:PATH.")
    if not folder.is_dir():
        raise RevisionUnreadable(f"There is no folder {folder}.", "Name the configuration folder with --config.")
    top = _asked(folder, "rev-parse", "--show-toplevel")
    if not top:
        raise RevisionUnreadable(f"The folder {folder} is in no git repository.", "Give two folders instead.")
    wanted = path.strip("/") if path else folder.relative_to(Path(top).resolve()).as_posix()
    commit = _commit(folder, revision)
    if not commit:
        raise RevisionUnreadable(f"git knows no revision '{revision}'.", "`git log --oneline` lists them.")
    tree = f"{commit}:{wanted}" if wanted != "." else commit
    if _asked(folder, "cat-file", "-t", tree) != "tree" and wanted != ".":
        raise RevisionUnreadable(f"There is no folder {wanted} in the revision '{revision}'.", "See `git ls-tree`.")
    _unpack(Path(top), tree, into)


def _asked(folder: Path, *arguments: str) -> str:
    """What git answers; empty text when it has no answer."""
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and what people give is never an option
            [_git(), "-C", str(folder), *arguments],
            capture_output=True,
            check=False,
            env=_environment(),
            timeout=_PATIENCE,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise RevisionUnreadable("git does not answer.") from None
    return os.fsdecode(done.stdout).strip() if done.returncode == 0 else ""


def _git() -> str:
    found = shutil.which("git")
    if not found:
        raise RevisionUnreadable("There is no git here.", "Install it, or give two folders instead.")
    return found


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


def _unpack(top: Path, tree: str, into: Path) -> None:
    """Lay the files of a tree into a folder. git is asked at the top; below it would pack only what is there."""
    with subprocess.Popen(  # noqa: S603  # as above; `tree` begins with a hash
        [_git(), "-C", str(top), "archive", "--format=tar", tree],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=_environment(),
    ) as packing:
        try:
            with tarfile.open(fileobj=packing.stdout, mode="r|") as packed:
                _extract(packed, into)
        except (tarfile.TarError, OSError) as error:
            raise RevisionUnreadable(f"What git packs cannot be unpacked: {error}.") from None
        finally:
            packing.kill()


def _extract(packed: tarfile.TarFile, into: Path) -> None:
    size = 0
    for number, member in enumerate(packed, start=1):
        size += member.size
        if size > LARGEST or number > _MOST_FILES:
            raise RevisionUnreadable("The folder of that revision is too large for a configuration.", "See its path.")
        packed.extract(member, into, filter="data")  # nothing outside, no devices, no links that lead out
