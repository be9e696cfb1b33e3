"""The HTTP client under Google's: bounded in time, never led elsewhere, and with no proxy between us and this machine.

The client's own time limit is for each piece that comes over the network, so that a server that sends a byte now and
then would be listened to for ever. Here a whole answer has a limit too: when it is over, the connection is shut down
under the reader's hands.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httplib2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse

PIECE_SECONDS = 60
WHOLE_SECONDS = 180


def http_for(url: str, whole: float = WHOLE_SECONDS) -> httplib2.Http:
    """A client for requests to one address; `whole` is how many seconds an answer may take."""
    return _Bounded(whole, proxied=not is_loopback(url))


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine and nowhere else."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Cuttable:
    """A connection that can be ended by another thread than the one that reads from it."""

    sock: socket.socket | None
    _opened: socket.socket | None = None  # the client lets go of `sock` before it has read what has no length
    _answer: HTTPResponse | None = None
    _cut = False

    def connect(self) -> None:
        """Connect; not again once it was cut, though the client would try a second time by itself."""
        self._refuse()
        super().connect()  # type: ignore[misc]  # that of the class it stands before
        self._opened = self.sock
        self._refuse()

    def _refuse(self) -> None:
        if self._cut:
            raise TimeoutError("cut")

    def getresponse(self) -> HTTPResponse:
        """The answer, so far as its head; it is closed with the connection, however much of it was read."""
        answer: HTTPResponse = super().getresponse()  # type: ignore[misc]
        self._answer = answer
        return answer

    def close(self) -> None:
        """Let go of the socket, which the library leaves to an answer that could not be read to its end."""
        super().close()  # type: ignore[misc]
        answer, self._answer = self._answer, None
        if answer:
            answer.close()

    def cut(self) -> None:
        self._cut = True
        with contextlib.suppress(OSError):  # it may be closed already
            if self._opened:
                self._opened.shutdown(socket.SHUT_RDWR)


class _Plain(_Cuttable, httplib2.HTTPConnectionWithTimeout):  # type: ignore[misc]
    pass


class _Secure(_Cuttable, httplib2.HTTPSConnectionWithTimeout):  # type: ignore[misc]
    pass


class _Bounded(httplib2.Http):  # type: ignore[misc]  # untyped, see pyproject.toml
    def __init__(self, whole: float, *, proxied: bool) -> None:
        super().__init__(timeout=PIECE_SECONDS, proxy_info=httplib2.proxy_info_from_environment if proxied else None)
        self.follow_redirects = False  # a redirect would lead to another root than the one that was chosen
        self._whole = whole

    def request(self, uri: str, *arguments: Any, **more: Any) -> Any:
        """One request and its whole answer. Raises TimeoutError besides what the client raises."""
        late = threading.Event()
        more["connection_type"] = _Secure if urlsplit(uri).scheme == "https" else _Plain
        try:
            with self._watched(late):
                return super().request(uri, *arguments, **more)
        except Exception:
            self.close()
            raise
        finally:
            if late.is_set():
                self.close()
                raise TimeoutError(f"no whole answer within {self._whole:.0f} s")

    @contextlib.contextmanager
    def _watched(self, late: threading.Event) -> Iterator[None]:
        done = threading.Event()

        def watch() -> None:
            if not done.wait(self._whole):
                late.set()
                for connection in list(self.connections.values()):
                    connection.cut()

        watcher = threading.Thread(target=watch, name="google-watch", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()
