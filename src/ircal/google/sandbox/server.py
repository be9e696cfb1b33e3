"""The sandbox as a running server: in a thread for tests, or until it is stopped for a demo. Loopback only."""

import contextlib
import errno
import os
import socket
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import uvicorn

from ircal.errors import IrcalError
from ircal.google.sandbox.app import TOKEN_PATH, create_app
from ircal.google.sandbox.credentials import write_credentials
from ircal.google.sandbox.delivery import Deliveries, Mishaps
from ircal.google.sandbox.errors import Duplicate
from ircal.google.sandbox.gateway import Gateway, Ledger, Wrap, unwrapped
from ircal.google.sandbox.signin import SignIn
from ircal.google.sandbox.state import World

HOST = "127.0.0.1"

_BACKLOG = 128
# Google keeps an idle connection for minutes; a client that finds it closed after uvicorn's five seconds fails oddly.
_IDLE_SECONDS = 240


def _now() -> datetime:
    return datetime.now(UTC)


class SandboxServer:
    """A world behind a loopback port; a free one if none is given.

    with SandboxServer() as server:
        server.world.add_calendar("residents@example.org", "Residents", "America/New_York")
        ...  # talk to server.url

    Hold `world.lock` while you change the world and calls may be under way. `wrap` seeds faults, see `gateway`, and
    `mishaps` what goes wrong with notifications. Raises IrcalError when the port cannot be listened on.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        port: int = 0,
        require_auth: bool = False,
        wrap: Wrap = unwrapped,
        mishaps: Mishaps | None = None,
    ) -> None:
        self.world = world or World(_now)
        self.deliveries = Deliveries(mishaps)
        self.world.channels.send = self.deliveries.put
        self._sign_in = SignIn(required=require_auth)
        self._gateway = Gateway(self.world, self._sign_in.accepts, wrap)
        self._socket = _listen(port)
        self._port = int(self._socket.getsockname()[1])
        config = uvicorn.Config(
            create_app(self._gateway, self._sign_in),
            access_log=False,
            lifespan="off",
            log_config=None,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._serving = False
        self._thread = threading.Thread(target=self.run, name="calendar-sandbox", daemon=True)

    @property
    def url(self) -> str:
        """The root of the server, with a slash at its end: what a discovery document calls `rootUrl`."""
        return f"http://{HOST}:{self._port}/"

    @property
    def token_uri(self) -> str:
        """Where a service account signs in."""
        return self.url.removesuffix("/") + TOKEN_PATH

    @property
    def ledger(self) -> Ledger:
        """Every call so far."""
        return self._gateway.ledger

    def add_calendars(self, calendars: Iterable[tuple[str, str, str]]) -> None:
        """Have these calendars too, each an id, a summary and a time zone; what is there already stays as it is."""
        with self.world.lock:
            for calendar_id, summary, time_zone in calendars:
                with contextlib.suppress(Duplicate):
                    self.world.add_calendar(calendar_id, summary, time_zone)

    def write_credentials(self, path: str | os.PathLike[str]) -> None:
        """Write the key of a service account for this server; from now on no other account may sign in.

        Raises IrcalError when the file cannot be written.
        """
        try:
            self._sign_in.trust(write_credentials(path, self.token_uri))
        except OSError as error:
            raise IrcalError(f"The key {os.fspath(path)} cannot be written: {error.strerror}.") from None

    def start(self) -> Self:
        """Serve in a thread. The port listens already, so the first call may come at once."""
        self._thread.start()
        return self

    def run(self) -> None:
        """Serve until stopped, in this thread, and free the port."""
        self._serving = True
        with self._socket:
            self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Stop serving; whoever called `run` returns soon."""
        self._server.should_exit = True
        self.deliveries.stop()
        if self._thread.ident is not None:
            self._thread.join()
        if not self._serving:
            self._socket.close()

    close = stop

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(  # noqa: PLR0913 all but two are said by name
    port: int,
    calendars: Iterable[tuple[str, str, str]],
    *,
    credentials: str | os.PathLike[str] | None = None,
    require_auth: bool = False,
    wrap: Wrap = unwrapped,
    ready: Callable[[SandboxServer], None] | None = None,
) -> None:
    """Serve calendars, each an id, a summary and a time zone, until interrupted.

    `credentials` is where to write a key for it, `wrap` seeds faults; `ready` is called once, before the first request
    is answered. Raises IrcalError when the port cannot be listened on or the key cannot be written.
    """
    with contextlib.closing(SandboxServer(port=port, require_auth=require_auth, wrap=wrap)) as server:
        server.add_calendars(calendars)
        if credentials is not None:
            server.write_credentials(credentials)
        if ready:
            ready(server)
        # uvicorn ends in good order on the first Ctrl-C and raises it again; ending was all that it meant.
        with contextlib.suppress(KeyboardInterrupt):
            server.run()


def _listen(port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only where it reads TCP by name; left on, each answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise _cannot_listen(port, error) from None
    return listening


def _cannot_listen(port: int, error: OSError) -> IrcalError:
    if error.errno == errno.EADDRINUSE:
        remedy = "Stop the program that uses it, or choose another port for the sandbox."
        return IrcalError(f"Port {port} on {HOST} is in use.", remedy)
    remedy = "Choose a port above 1023 for the sandbox."
    return IrcalError(f"Port {port} on {HOST} cannot be listened on: {os.strerror(error.errno or 0)}.", remedy)
