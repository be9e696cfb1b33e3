"""The one way into the world: who may enter, one call at a time, and what is written down about it.

Faults go here. `wrap` is given the handler that answers calls and returns the one to use instead; it may answer itself,
call on and change the answer, or raise a `SandboxError`. What it does is in the ledger like everything else.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from ircal.google.sandbox.calls import Answer, Call, Cut, Handler, refusal
from ircal.google.sandbox.errors import BackendError, SandboxError, Unauthorized
from ircal.google.sandbox.routes import route
from ircal.google.sandbox.state import World

_log = logging.getLogger(__name__)

Wrap = Callable[[Handler], Handler]
LEDGER_LENGTH = 200_000
NO_ANSWER = 0
"""The status of a call that was cut."""


@dataclass(frozen=True)
class Entry:
    """One line of the ledger."""

    method: str
    path: str
    query: str
    status: int
    in_batch: bool


class Ledger:
    """What was called and how it was answered, oldest first; the oldest are forgotten when there are very many."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=LEDGER_LENGTH)
        self._lock = threading.Lock()

    def note(self, call: Call, status: int) -> None:
        """Write a call down."""
        with self._lock:
            self._entries.append(Entry(call.method, unquote(call.path), call.query, status, call.in_batch))

    def entries(self) -> tuple[Entry, ...]:
        """Everything written down so far."""
        with self._lock:
            return tuple(self._entries)

    def clear(self) -> None:
        """Begin a new page."""
        with self._lock:
            self._entries.clear()


def unwrapped(handler: Handler) -> Handler:
    """The wrap that changes nothing."""
    return handler


class Gateway:
    """Answers calls; raises nothing but `Cut`. `accepts` says whether an Authorization header is good enough."""

    def __init__(self, world: World, accepts: Callable[[str], bool], wrap: Wrap = unwrapped) -> None:
        self.world = world
        self.ledger = Ledger()
        self._accepts = accepts
        self._handler = wrap(self._route)

    def __call__(self, call: Call) -> Answer:
        """Answer one call and write it down."""
        try:
            answer = self._answer(call)
        except Cut:
            self.ledger.note(call, NO_ANSWER)
            raise
        self.ledger.note(call, answer.status)
        return answer

    def _answer(self, call: Call) -> Answer:
        try:
            return self._admit(call)
        except SandboxError as error:
            return refusal(error)
        except Cut:
            raise
        except Exception:  # noqa: BLE001  # a client meets a fault of ours as it would one of Google's; the log tells us
            _log.exception("%s %s failed", call.method, call.path)
            return refusal(BackendError())

    def _admit(self, call: Call) -> Answer:
        if not self._accepts(call.header("authorization")):
            raise Unauthorized
        return self._handler(call)

    def _route(self, call: Call) -> Answer:
        with self.world.lock:
            return route(self.world, call)
