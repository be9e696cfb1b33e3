"""A real HTTP server on a loopback port that takes POSTs, keeps them, and answers as a test wants."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Posted:
    """One request; header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came so far, and which statuses are answered: in their order, and then the last one again."""

    url: str
    statuses: list[int] = field(default_factory=lambda: [204])
    posted: list[Posted] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    """Headers of every answer."""
    _came: threading.Condition = field(default_factory=threading.Condition)

    def take(self, posted: Posted) -> int:
        with self._came:
            self.posted.append(posted)
            self._came.notify_all()
            return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    def wait_for(self, count: int, timeout: float = 20) -> list[Posted]:
        """Everything that came, once it is at least so many."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.posted) >= count, timeout), self.posted
            return list(self.posted)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.take(Posted(self.path, headers, body)))
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
