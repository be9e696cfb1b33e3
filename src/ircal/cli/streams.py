"""Standard output and error, made ready for what a shell may do to them.

Standard output may be a full disk (`> /dev/full`), closed (`>&-`), or a pipe whose reader has left (`| head`). What
cannot be written is an error like any other, with a sentence and an exit code, and is found where it happens: at the
write to the file itself, below every layer that prints. Standard error is where errors are told: when it fails too,
there is nobody left to tell, and the work goes on. What an encoding cannot say is replaced, never a reason to fail.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING

from ircal.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from _typeshed import ReadableBuffer

_OUT, _ERR = 1, 2
_FAILING = {"strict", "surrogateescape"}
"""How Python answers what an encoding cannot say, where that is an error; the second is that of the locale C."""


class ReaderGone(OutputError):
    """Whoever read standard output has left (`ircal ... | head`): there is nobody to say anything to."""


def make_ready() -> None:
    """Set up `sys.stdout` and `sys.stderr`; to be called once, before anything is printed."""
    sys.stdout = _text(sys.stdout, _OUT, os.O_RDONLY, _refused)
    sys.stderr = _text(sys.stderr, _ERR, os.O_WRONLY, lambda _: None)


def _refused(error: OSError) -> None:
    if isinstance(error, BrokenPipeError):
        raise ReaderGone("The reader of standard output has left.") from None
    reason = "it is closed" if error.errno == errno.EBADF else error.strerror
    message = f"Standard output cannot be written: {reason}."
    raise OutputError(message, "What was asked for is not told completely. Mend that, and ask again.") from None


def _text(stream: TextIO | None, number: int, flags: int, failed: Callable[[OSError], None]) -> TextIO:
    """The stream on a file that says what fails. A closed one (None) gets the null device, opened by `flags`."""
    raw = _Standard(number if stream else os.open(os.devnull, flags), failed)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding if stream else "utf-8",
        errors="replace" if stream is None or stream.errors in _FAILING else stream.errors,
        line_buffering=number == _ERR or raw.isatty(),
    )


class _Standard(io.RawIOBase):
    """A file of the process, open until the process ends; after its first failure it takes everything and says nothing.

    It says nothing more so that what is still in a buffer does not fail a second time when Python flushes it at exit.
    """

    def __init__(self, descriptor: int, failed: Callable[[OSError], None]) -> None:
        self._descriptor = descriptor
        self._failed = failed
        self._lost = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def write(self, data: ReadableBuffer, /) -> int:
        if not self._lost:
            try:
                return os.write(self._descriptor, data)
            except OSError as error:
                self._lost = True
                self._failed(error)
        return memoryview(data).nbytes
