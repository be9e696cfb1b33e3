"""The server: a listening socket, and uvicorn told not to speak of addresses.

uvicorn's own access log has the whole path, which is a secret here; `ircal.web.access` writes the log instead.
"""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import socket
from typing import TYPE_CHECKING, Any, cast

from ircal.errors import IrcalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import uvicorn
    from starlette.types import ASGIApp, Receive, Scope, Send

_GRACE = 5
"""Seconds that a request under way has when the server stops."""

_REMEDIES = {
    errno.EADDRINUSE: "Stop the program that uses it, or choose another port with IRCAL_HTTP__PORT.",
    errno.EACCES: "Choose a port above 1023 with IRCAL_HTTP__PORT.",
    errno.EADDRNOTAVAIL: "Set IRCAL_HTTP__HOST to an address of this machine, or to 127.0.0.1.",
}


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there (0: on a free port); IrcalError if that cannot be."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return _without_delay(socket.create_server((host, port), family=family))
    except socket.gaierror as error:
        reason, remedy = f"cannot be listened on: {error.strerror}", _REMEDIES[errno.EADDRNOTAVAIL]
    except OSError as error:
        code = error.errno or 0
        reason = "is in use" if code == errno.EADDRINUSE else f"cannot be listened on: {os.strerror(code)}"
        remedy = _REMEDIES.get(code, "Choose another address with IRCAL_HTTP__HOST and IRCAL_HTTP__PORT.")
    raise IrcalError(f"Port {port} on {host} {reason}.", remedy)


class ByProxy:
    """Takes a trusted proxy's word for who the client is, and remembers that it came through one.

    uvicorn's own middleware does the first, and after it nobody can tell any more who was at the other end.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware  # noqa: PLC0415 with uvicorn, as below

        self._app: Any = ProxyHeadersMiddleware(cast("Any", app), list(trusted))
        self._trusted = [ipaddress.ip_network(each) for each in trusted]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["ircal.by_proxy"] = self._is_trusted(scope.get("client"))
        await self._app(scope, receive, send)

    def _is_trusted(self, client: tuple[str, int] | None) -> bool:
        try:
            address = ipaddress.ip_address(client[0] if client else "")
        except ValueError:  # a socket in the file system has none
            return False
        return any(address in network for network in self._trusted)


def _without_delay(listener: socket.socket) -> socket.socket:
    """The socket, whose connections send at once what they are given.

    asyncio sees to that for sockets that it makes itself. Otherwise the end of an answer waits until the client has
    acknowledged its beginning, which takes the client 40 ms.
    """
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def make_server(app: ASGIApp, trusted_proxies: Sequence[str] = ()) -> uvicorn.Server:
    """The server for an application; `run(sockets=[listen(...)])` it, and set `should_exit` to stop it.

    `trusted_proxies` are addresses and networks whose X-Forwarded-For is believed.
    """
    import uvicorn  # noqa: PLC0415 it takes a tenth of a second, which only those who serve shall wait

    config = uvicorn.Config(
        ByProxy(app, trusted_proxies) if trusted_proxies else app,
        http="h11",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,  # `ByProxy` does
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    # uvicorn logs as soon as somebody gives this logger a handler, whatever it was told above.
    logging.getLogger("uvicorn.access").disabled = True
    return uvicorn.Server(config)
