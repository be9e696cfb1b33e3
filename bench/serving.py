"""How much of the web server's speed is left once ircal has looked up the token and chosen the answer.

Three processes: ircal's own server with a SQLite store and a private feed, a bare starlette application that returns
the same bytes from memory under the same uvicorn, and the load: keep-alive connections on raw sockets. Rounds alternate
between the two servers, so that whatever else the machine does meets both; what counts is the median of the rounds'
ratios. The bare application logs nothing and checks nothing; ircal writes its access log to a file. The processor time
that an answer takes is told too (Linux): on a machine that is busy with other things it is the steadier number.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import selectors
import socket
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from starlette.requests import Request

ROUNDS = 40
SECONDS = 0.25
CONNECTIONS = 8
SEGMENT = 1460
CONFERENCES = 45
"""As many as make a feed of about 60 kB."""

PROGRAMME = """\
program:
  id: bench
  name: Bench
  timezone: America/New_York
  first_year: {year}
  published: {year}-06-01T08:00:00-04:00
  grid: months
grids:
  months: {{kind: months}}
people:
  ash: {{name: Ash, role: resident, entered: {year}-07-01}}
calendars:
  ash: {{name: Ash, kind: resident, of: ash}}
conferences:
{conferences}
"""
CONFERENCE = '  c{n}: {{name: Conference {n}, when: "We 12:00-13:00", description: "{text}", audience: everyone}}'


@dataclass(frozen=True)
class Case:
    """One kind of request, and the status that answers it."""

    name: str
    status: int
    headers: str = ""


@dataclass(frozen=True)
class Site:
    """A server that runs: its process, its port, and the path of the feed."""

    process: int
    port: int
    path: str

    def busy(self) -> float:
        """Seconds of processor time that it has used until now; 0 where nobody says so."""
        return (
            sum(int(each.read_text().split()[0]) for each in Path(f"/proc/{self.process}/task").glob("*/schedstat"))
            / 1e9
        )


class Round(NamedTuple):
    """What one round gave: requests per second, and microseconds of the server's processor time for each."""

    rate: float
    cost: float


def main() -> None:
    """Measure and print."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        with _started(context, serve_ircal, state) as ours:
            etag, body = _first(ours)
            (state / "body").write_bytes(body)
            with _started(context, serve_bare, state, etag) as bare:
                print(f"serving: a feed of {len(body)} bytes, {CONNECTIONS} connections, {ROUNDS} rounds")
                for case in (Case("200", 200), Case("304", 304, f"If-None-Match: {etag}\r\n")):
                    _compare(context, case, ours, bare)


def _compare(context: multiprocessing.context.SpawnContext, case: Case, ours: Site, bare: Site) -> None:
    """Print both rates and the ratio, by the median of the rounds; the load runs in a process of its own."""
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=load, args=(case, ours, bare, sending))
    process.start()
    rounds: list[tuple[Round, Round]] = receiving.recv()
    process.join()
    mine, theirs = (Round(*map(statistics.median, zip(*server, strict=True))) for server in zip(*rounds, strict=True))
    ratio = statistics.median(one.rate / other.rate for one, other in rounds)
    print(
        f"  {case.name}: ircal {mine.rate:5.0f}/s, {mine.cost:4.0f} us of processor time each;"
        f" bare {theirs.rate:5.0f}/s, {theirs.cost:4.0f} us;"
        f" ratio {ratio:.2f} by rate, {theirs.cost / mine.cost if mine.cost else 0:.2f} by time"
    )


@contextlib.contextmanager
def _started(context: multiprocessing.context.SpawnContext, target: object, *args: object) -> Iterator[Site]:
    """A server in a process of its own: its port and the path to ask for."""
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*args, sending), daemon=True)  # type: ignore[arg-type]
    process.start()
    try:
        yield receiving.recv()
    finally:
        process.terminate()
        process.join()


# -------------------------------------------------------------------------------------------------------- the servers


def serve_ircal(folder: Path, ready: Connection) -> None:
    """Our server: a programme in a folder, a store, a token; its log goes to a file."""
    from ircal.logs import start_logging
    from ircal.service import FeedServer
    from ircal.settings import load_settings
    from ircal.store import open_store

    os.chdir(folder)
    os.dup2(os.open("log", os.O_WRONLY | os.O_CREAT, 0o600), sys.stderr.fileno())
    _write_programme(folder / "config")
    settings = load_settings(
        config=folder / "config", state_dir=folder / "state", http={"port": 0, "feeds_by_id": "never"}
    )
    start_logging(settings)
    store = open_store(settings.store_url)
    secret = store.issue_token("ash", datetime.now(UTC))
    store.close()
    with FeedServer(settings) as server:
        ready.send(Site(os.getpid(), int(server.url.rpartition(":")[2]), f"/feeds/{secret}.ics"))
        server.run()


def _write_programme(folder: Path) -> None:
    folder.mkdir()
    lines = [CONFERENCE.format(n=n, text=f"What conference {n} is about. " * 8) for n in range(CONFERENCES)]
    text = PROGRAMME.format(year=datetime.now(UTC).year - 1, conferences="\n".join(lines))
    (folder / "programme.yaml").write_text(text, encoding="utf-8")


def serve_bare(folder: Path, etag: str, ready: Connection) -> None:
    """What everybody would write first: one route, the bytes from memory, 304 when the tag is the same."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    body = (folder / "body").read_bytes()

    async def feed(request: Request) -> Response:
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"etag": etag})
        return Response(body, media_type="text/calendar", headers={"etag": etag})

    app = Starlette(routes=[Route("/feeds/{name}.ics", feed)])
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http="h11", ws="none", lifespan="off", access_log=False, log_level="warning")
    ready.send(Site(os.getpid(), listener.getsockname()[1], "/feeds/x.ics"))
    uvicorn.Server(config).run(sockets=[listener])


# ----------------------------------------------------------------------------------------------------------- the load


def load(case: Case, ours: Site, bare: Site, done: Connection) -> None:
    """Alternate between the servers; sends the pairs of rounds."""
    with _Clients(ours, case) as one, _Clients(bare, case) as other:
        pairs = [(one.round(), other.round()) for _ in range(ROUNDS + 1)]
    done.send(pairs[1:])  # after the first, both are warm


class _Clients:
    """Keep-alive connections to one server, each with one request under way."""

    def __init__(self, site: Site, case: Case) -> None:
        self._site = site
        self._request = f"GET {site.path} HTTP/1.1\r\nHost: bench\r\n{case.headers}\r\n".encode()
        self._status = f"HTTP/1.1 {case.status} ".encode()
        self._selector = selectors.DefaultSelector()
        self._sockets = [socket.socket() for _ in range(CONNECTIONS)]
        for each in self._sockets:
            # As on a network: this machine's own segments are so large that a feed waits for a delayed acknowledgement.
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
            each.connect(("127.0.0.1", site.port))
            self._selector.register(each, selectors.EVENT_READ, each)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for each in self._sockets:
            each.close()

    def round(self) -> Round:
        """Ask for SECONDS, and read every answer to its last byte."""
        busy = self._site.busy()
        for each in self._sockets:
            each.sendall(self._request)
        began, count, open_ = time.perf_counter(), 0, len(self._sockets)
        while open_:
            for key, _ in self._selector.select():
                connection: socket.socket = key.data
                read_answer(connection, self._status)
                count += 1
                if time.perf_counter() - began < SECONDS:
                    connection.sendall(self._request)
                else:
                    open_ -= 1
        rate = count / (time.perf_counter() - began)
        return Round(rate, (self._site.busy() - busy) / count * 1e6)


def read_answer(connection: socket.socket, status: bytes) -> tuple[bytes, bytes]:
    """The head and the body of one answer, which must begin with that status line."""
    data = connection.recv(131072)
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += connection.recv(131072)
    head = data[:end].lower()
    if not data.startswith(status):
        raise RuntimeError(data[:end].decode("latin-1"))
    _, mark, length = head.partition(b"content-length: ")
    chunks, left = [data], (int(length.split(b"\r", 1)[0]) if mark else 0) - (len(data) - end - 4)
    while left > 0:
        chunks.append(connection.recv(131072))
        left -= len(chunks[-1])
    return head, b"".join(chunks)[end + 4 :]


def _first(site: Site) -> tuple[str, bytes]:
    """The tag and the bytes of the feed."""
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(f"GET {site.path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        head, body = read_answer(connection, b"HTTP/1.1 200 ")
    return head.partition(b"etag: ")[2].split(b"\r", 1)[0].decode(), body
