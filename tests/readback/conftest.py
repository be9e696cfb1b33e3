"""A web server on a loopback port that hands out what a test lays on it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


class Site:
    """Pages by path: status, headers and body. `{there}` in a header is this site under another name."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        """Path and headers of every request."""
        self.silent = threading.Event()
        """Set when the test is over: until then, the path /silent is not answered."""

    def lay(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        """Lay a page; its address."""
        there = f"http://localhost:{self.port}"
        named = {name.replace("_", "-"): text.format(there=there) for name, text in headers.items()}
        self.pages[path] = (status, named, body)
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages.asked.append((self.path, dict(self.headers)))
            if self.path == "/silent":
                pages.silent.wait(30)
                return
            status, headers, body = pages.pages.get(self.path, (404, {}, b"no"))
            self.send_response(status)
            for name, text in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pages = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield pages
    pages.silent.set()
    server.shutdown()
    thread.join()
    server.server_close()
