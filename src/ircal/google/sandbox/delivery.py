"""Messages on the wire: each is POSTed to its channel's address, by threads that start with the first of them.

From the documentation: 200, 201, 202, 204 and 102 are success; after 500, 502, 503 and 504 it is tried again, with a
pause that doubles; any other answer is a failure, and the message is gone.
Guessed: no answer at all is like 503.

Nothing leaves this machine: a message to an address elsewhere is written down as not sent.
"""

import heapq
import itertools
import random
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit
from zlib import crc32

from ircal.google.sandbox.channels import LOOPBACK, Message

if TYPE_CHECKING:
    import httpx

ATTEMPTS = 5
NOT_SENT = -1
"""The status of a message that would have left this machine."""
NO_ANSWER = 0
_AGAIN = frozenset({NO_ANSWER, 500, 502, 503, 504})
_PATIENCE = 10
"""Seconds until an address that does not answer is given up."""
_KEPT = 10_000
_LANES = 8
"""So many messages are on their way at once."""

LOST, REPEATED, DELAYED, REORDERED = "lost", "repeated", "delayed", "reordered"
EVERY_MISHAP = (LOST, REPEATED, DELAYED, REORDERED)


@dataclass
class Mishaps:
    """What becomes of messages, on a seeded plan: so many of them (0 to 1) do not simply arrive.

    The guide only says that they are not all reliable. One may be lost, come twice, come late, or come behind the one
    that follows it. The same seed and the same messages give the same plan.
    """

    seed: int
    rate: float
    kinds: Sequence[str] = EVERY_MISHAP
    seconds: float = 0.05
    """How late one is."""
    made: list[str] = field(default_factory=list)
    """The mishaps so far."""

    def __post_init__(self) -> None:
        """Begin the plan."""
        self._random = random.Random(self.seed)  # noqa: S311 nothing is secret here
        self._held: list[Message] = []

    def plan(self, message: Message) -> list[tuple[float, Message]]:
        """What is to be sent now that this message is there, each with the seconds to wait before."""
        kind = self._random.choice(self.kinds) if self._random.random() < self.rate else ""
        if kind:
            self.made.append(kind)
        if kind == REORDERED:
            self._held.append(message)
            return []
        held, self._held = self._held, []
        times = {LOST: 0, REPEATED: 2}.get(kind, 1)
        late = self.seconds if kind == DELAYED else 0.0
        return [(late, message)] * times + [(0.0, each) for each in held]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST of a message, and the status of its answer."""

    message: Message
    status: int


class Deliveries:
    """Sends messages, those of one channel in their order. `pause` is how many seconds pass before a second attempt."""

    def __init__(self, mishaps: Mishaps | None = None, pause: float = 0.05) -> None:
        self._mishaps = mishaps
        self._made: deque[Delivery] = deque(maxlen=_KEPT)
        self._lanes = [_Lane(self._made, pause) for _ in range(_LANES)]

    def put(self, message: Message) -> None:
        """Have a message sent."""
        for seconds, each in self._mishaps.plan(message) if self._mishaps else [(0.0, message)]:
            self._lanes[crc32(each.channel.id.encode()) % _LANES].put(seconds, each)

    def made(self) -> tuple[Delivery, ...]:
        """Every POST so far, oldest first; the oldest are forgotten when there are very many."""
        return tuple(self._made.copy())

    def settle(self, timeout: float = 30) -> Self:
        """Wait until nothing is left to be sent. Raises TimeoutError."""
        for lane in self._lanes:
            lane.settle(timeout)
        return self

    def hurry(self, pause: float) -> None:
        """Have so many seconds pass before a second attempt."""
        for lane in self._lanes:
            lane.pause = pause

    def stop(self) -> None:
        """Send no more."""
        for lane in self._lanes:
            lane.stop()


class _Lane:
    """A thread that sends one message after the other; it starts with the first."""

    def __init__(self, made: deque[Delivery], pause: float) -> None:
        self.pause = pause
        self._made = made
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, int, Message]] = []
        """By when it is due, then in the order in which they came: how often it was sent, and the message."""
        self._count = itertools.count()
        self._sending = False
        self._stopping = False
        self._thread: threading.Thread | None = None

    def put(self, seconds: float, message: Message) -> None:
        with self._changed:
            self._push(seconds, 0, message)
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._run, name="calendar-sandbox-hooks", daemon=True)
                self._thread.start()

    def settle(self, timeout: float) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: not self._waiting and not self._sending, timeout):
                raise TimeoutError(f"{len(self._waiting)} messages are still to be sent")

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join()

    def _push(self, seconds: float, sent: int, message: Message) -> None:
        heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._count), sent, message))
        self._changed.notify_all()

    def _run(self) -> None:
        import httpx  # noqa: PLC0415 it takes long to import, and only channels need it

        with httpx.Client(timeout=_PATIENCE, trust_env=False, follow_redirects=False) as client:
            while (taken := self._take()) is not None:
                sent, message = taken
                self._note(sent + 1, message, _post(client, message))

    def _take(self) -> tuple[int, Message] | None:
        """The next message, once it is due; None to stop."""
        with self._changed:
            while not self._stopping:
                left = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    self._sending = True
                    return heapq.heappop(self._waiting)[2:]
                self._changed.wait(left)
        return None

    def _note(self, sent: int, message: Message, status: int) -> None:
        with self._changed:
            self._made.append(Delivery(message, status))
            self._sending = False
            if status in _AGAIN and sent < ATTEMPTS:
                self._push(self.pause * 2 ** (sent - 1), sent, message)
            self._changed.notify_all()


def _post(client: "httpx.Client", message: Message) -> int:
    import httpx  # noqa: PLC0415 the same

    address = message.channel.address
    if urlsplit(address).hostname not in LOOPBACK:
        return NOT_SENT
    try:
        return client.post(address, headers=message.headers).status_code
    except httpx.HTTPError:
        return NO_ANSWER
