"""Writing a file whole: whoever reads it meanwhile has the old or the new, and a full disk changes nothing."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from typing import TYPE_CHECKING

from ircal.errors import SheetUnreadable

if TYPE_CHECKING:
    from pathlib import Path


def write_sheet(path: Path, data: bytes) -> None:
    """Write the file beside its place, then put it there. Raises SheetUnreadable."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")  # the configuration passes over hidden files
    try:
        with new.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    except OSError as error:
        remedy = "See that there is room, and that you may write there."
        raise SheetUnreadable(f"{path} cannot be written: {error.strerror}.", remedy) from None
    finally:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
