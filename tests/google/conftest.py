"""The sandbox as the contract tests know it, servers with a fault, and one that says what it is told."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from ircal.google.sandbox import SandboxServer
from tests.sync.conftest import fresh_on_sandbox, on_sandbox, sandbox
from tests.sync.harness import OnSandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ircal.google.sandbox.gateway import Wrap

__all__ = ["fresh_on_sandbox", "on_sandbox", "sandbox"]


@pytest.fixture
def faulty() -> Iterator[Callable[[Wrap], OnSandbox]]:
    """Make a calendar on a sandbox of its own, whose handler is wrapped."""
    with ExitStack() as stack:

        def make(wrap: Wrap) -> OnSandbox:
            server = stack.enter_context(SandboxServer(wrap=wrap))
            return stack.enter_context(OnSandbox(server, "faulty@example.org"))

        yield make


class Scripted:
    """A server on a loopback port that gives the answers it was given, in their order, and then the last again."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/"
        self.answers: list[tuple[int, dict[str, str], str]] = []
        self.asked: list[tuple[str, str, str]] = []
        """Method, path and body of every request."""

    def says(self, status: int, body: str = "{}", **headers: str) -> Scripted:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, {"Content-Type": "application/json", **named}, body))
        return self


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            script.asked.append((self.command, self.path, self.rfile.read(length).decode()))
            status, headers, body = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body.encode()))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 http.server's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script = Scripted(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield script
    server.shutdown()
    thread.join()
    server.server_close()
