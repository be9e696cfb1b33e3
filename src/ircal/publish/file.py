"""One file, replaced whole: whoever reads it meanwhile sees the old or the new, and a power cut leaves one of them."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ircal.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Iterator

ANOTHER_FOLDER = "Mend what is in the way, or name another folder."


def write_file(path: Path, data: bytes) -> None:
    """Write a file that a person named. Raises PublishError, with the path.

    A link is followed; what is no file (`/dev/stdout`, a pipe) is written to and stays what it is.
    """
    with told_as_publish_error(path):
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file():
            target.write_bytes(data)
        else:
            _replace(target, data)


def _replace(path: Path, data: bytes) -> None:
    new = beside(path)
    try:
        write_new(new, data)
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """Where a file is written before it takes its place: in the same folder, under a name that is nobody's."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, so that it outlasts a power cut. Raises OSError."""
    with path.open("xb") as file:  # with the usual rights (umask): a web server may be another user
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def told_as_publish_error(path: Path) -> Iterator[None]:
    """Turn what the system says of a file or folder into a PublishError."""
    try:
        yield
    except (FileExistsError, NotADirectoryError):
        raise PublishError(f"{path} is not a folder.", ANOTHER_FOLDER) from None
    except IsADirectoryError:
        raise PublishError(f"{path} is a folder where a file should be.", ANOTHER_FOLDER) from None
    except OSError as error:
        remedy = "See that there is room, and that ircal may write there."
        raise PublishError(f"{path} cannot be written: {error.strerror}.", remedy) from None
