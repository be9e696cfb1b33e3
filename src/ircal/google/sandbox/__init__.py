"""A local stand-in for the part of the Google Calendar API v3 that ircal uses.

It answers the real Google client over real HTTP and keeps its world in memory. The demo runs against it, and so do the
tests: what Google documents as refused is refused, and what it leaves open is made as inconvenient as it may be.

    errors, times, recurrence, drafts    what a request may say, and how it is refused
    model, instances, query, tokens,     what is remembered and how it is read
    listing, sharing, channels
    state                                the `World`: every verb, without HTTP, clock or chance
    calls, routes, gateway, batch        HTTP as values
    faults                               what goes wrong, on a seeded plan: it wraps the gateway's handler
    delivery                             notifications on the wire, and what goes wrong with them
    signin, page, app                    HTTP on the wire
    credentials, server                  a key to sign in with, and a thread on a loopback port
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ircal.google.sandbox.credentials import write_credentials
    from ircal.google.sandbox.server import SandboxServer, serve
    from ircal.google.sandbox.state import World

__all__ = ["SandboxServer", "World", "serve", "write_credentials"]

_HOMES = {"SandboxServer": "server", "World": "state", "serve": "server", "write_credentials": "credentials"}


def __getattr__(name: str) -> object:
    # Whoever imports the package for its name alone should not pay for the HTTP server and the cryptography.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
