"""Sending notices: POSTed by a thread for each address, so that whoever has something to tell never waits.

What passes by itself (no answer, 408, 429, a fault of the receiver) is tried again, with a pause that doubles, for a
minute or two in all. Anything else is given up, and 410 ends an address, as Standard Webhooks has it. A hundred notices
may wait for an address; when there are more, the newest are dropped. None is kept over a restart.

An address is a secret: whoever knows it may post there (Slack's has nothing else to prove). Only its host is logged.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import httpx
from tenacity import (
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_after_attempt,
    stop_any,
    stop_when_event_set,
    wait_exponential_jitter,
)

from ircal.notices.shapes import cloud_event, slack_message
from ircal.standard_webhooks import headers, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tenacity import RetryCallState

    from ircal.notices.notice import Notice

log = logging.getLogger(__name__)

ATTEMPTS = 7
WAITING = 100
_SECONDS = 10.0
_LONGEST_PAUSE = 60.0
_PASSING = frozenset({408, 425, 429})
_GONE = 410
_SUCCESS, _REFUSAL, _FAULT = 200, 300, 500

_backoff = wait_exponential_jitter(initial=1, max=_LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that is told, in which shape, and the secret to sign with, or none."""

    url: str = field(repr=False)
    shape: Literal["cloudevents", "slack"]
    secret: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """What may be said of it."""
        return urlsplit(self.url).hostname or ""


class _Passing(Exception):
    """It was not taken now, and may be later."""

    def __init__(self, why: str, retry_after: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class _Final(Exception):
    """It was not taken, and never will be; `ends` is whether nothing is."""

    def __init__(self, why: str, *, ends: bool) -> None:
        super().__init__(why)
        self.ends = ends


class Courier:
    """Brings notices to one address, in their order, in a thread that starts with the first.

    `source` names this installation; `clock` gives Unix seconds; `pause` waits so many seconds, and may be cut short.
    """

    def __init__(
        self,
        target: Target,
        source: str,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        self._target = target
        self._source = source
        self._clock = clock
        self._stopping = threading.Event()
        self._waiting: queue.Queue[Notice | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None
        self._ended = False
        self._retrying = Retrying(
            retry=retry_if_exception_type(_Passing),
            stop=stop_any(stop_after_attempt(ATTEMPTS), stop_when_event_set(self._stopping)),
            wait=_pause,
            sleep=pause or sleep_using_event(self._stopping),
            reraise=True,
        )
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log whole addresses

    def bring(self, notice: Notice) -> None:
        """Have it brought; returns at once, and never fails."""
        if self._ended or self._stopping.is_set():
            return
        try:
            self._waiting.put_nowait(notice)
        except queue.Full:
            log.warning("Too many notices wait for %s; this one is dropped: %s", self._target.host, notice.sentence)
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="ircal-notices", daemon=True)
            self._thread.start()

    def stop(self, patience: float) -> None:
        """Bring what waits, if that takes no longer than so many seconds, and no more."""
        if self._thread is None:
            return
        deadline = time.monotonic() + patience
        with contextlib.suppress(queue.Full):
            self._waiting.put(None, timeout=patience)
        self._thread.join(max(0.0, deadline - time.monotonic()))
        self._stopping.set()
        self._thread.join(_SECONDS)

    def _run(self) -> None:
        with httpx.Client(timeout=_SECONDS, follow_redirects=False, headers={"user-agent": "ircal"}) as client:
            while not self._stopping.is_set() and not self._ended:
                notice = self._waiting.get()
                if notice is None:
                    return
                self._bring(client, notice)

    def _bring(self, client: httpx.Client, notice: Notice) -> None:
        try:
            self._retrying(self._post, client, notice)
        except _Final as error:
            self._ended = error.ends
            log.error("%s does not take a notice (%s), which is lost: %s", self._target.host, error, notice.sentence)  # noqa: TRY400
        except _Passing as error:
            log.error("%s could not be told (%s): %s", self._target.host, error, notice.sentence)  # noqa: TRY400
        except Exception:
            log.exception("A notice could not be brought; this is a fault of ircal.")

    def _post(self, client: httpx.Client, notice: Notice) -> None:
        write = slack_message if self._target.shape == "slack" else cloud_event
        content_type, body = write(notice, self._source)
        proof = headers(key_of(self._target.secret), notice.id, int(self._clock()), body) if self._target.secret else {}
        try:
            answer = client.post(self._target.url, content=body, headers={"content-type": content_type, **proof})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _Passing(type(error).__name__) from None
        if _SUCCESS <= answer.status_code < _REFUSAL:
            return
        why = str(answer.status_code)
        if answer.status_code in _PASSING or answer.status_code >= _FAULT:
            asked = answer.headers.get("retry-after", "")
            raise _Passing(why, min(float(asked), _LONGEST_PAUSE) if asked.isascii() and asked.isdecimal() else 0.0)
        raise _Final(why, ends=answer.status_code == _GONE)


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return max(_backoff(state), error.retry_after if isinstance(error, _Passing) else 0.0)


class Notices:
    """Tells every address of every notice."""

    def __init__(self, couriers: Sequence[Courier]) -> None:
        self._couriers = couriers

    def __call__(self, notice: Notice) -> None:
        """Tell it; returns at once, and never fails."""
        for each in self._couriers:
            each.bring(notice)

    def stop(self, patience: float = 5.0) -> None:
        """Tell what waits, for so many seconds at most for each address, and no more."""
        for each in self._couriers:
            each.stop(patience)
