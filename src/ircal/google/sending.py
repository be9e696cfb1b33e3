"""Sending requests: one at a time or in batches, and again where that is worth it.

This is the only place that retries (Google's client could too, and is told not to), so that a request is never sent
more often than is said here. What is worth another try is what passes by itself: too many requests, no answer, a fault
on Google's side. The pause doubles each time, has a random part so that many do not come back at once, and is never
shorter than the server asked for. All that we send may be sent twice: ids are given, writes are conditional.

Before each request, be it the same again, stands the `gate`: pacing, and a circuit that opens when a quota is used up.
"""

from __future__ import annotations

import logging
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING, Any, TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from ircal.errors import QuotaExhausted, RemoteError, Throttled, Unreachable
from ircal.google.errors import FAULTS, GARBLED, WHOLE_CALENDAR, About, not_an_answer, retry_after, translate
from ircal.google.gate import Ajar
from ircal.tracing import span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tenacity import RetryCallState

    from ircal.google.gate import Gate

log = logging.getLogger(__name__)

BATCH_SIZE = 50
"""Inner calls of one batch. Google would take 1000, and then complain of the burst on one calendar."""

ATTEMPTS = 5
"""How often a request is sent, unless it is told otherwise: for 15 seconds at most when nobody answers."""
_SMALLER = 4
"""Into so many parts a batch is divided that was not answered: one of 50 into 13, and those into 4, and 1."""
LONGEST_PAUSE = 60.0
"""Seconds. A server that asks for more than this is not waited for."""

_backoff = wait_random_exponential(multiplier=1, max=30)

Request = Any
"""googleapiclient.http.HttpRequest, which has no types."""

Answer = dict[str, Any] | RemoteError

T = TypeVar("T")


class Sender:
    """Sends requests made by a service, each `attempts` times at most, and once when we are `stopping`.

    `sleep` takes seconds, and every request passes the `gate`.
    """

    def __init__(  # noqa: PLR0913, PLR0917 made in one place
        self,
        service: Any,
        sleep: Callable[[float], None],
        batch_size: int,
        attempts: int,
        gate: Gate | None = None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._service = service
        self._gate = gate or Ajar()
        self._batch_size = batch_size
        self._retrying = Retrying(
            retry=retry_if_exception(lambda error: _may_pass(error) and not stopping()),
            stop=stop_after_attempt(attempts),
            wait=_pause,
            before_sleep=_tell,
            sleep=sleep,
            reraise=True,
        )

    def send(self, request: Request, about: About) -> dict[str, Any]:
        """Send one request and give its answer (empty for a 204). Raises RemoteError."""
        return self._retrying(self._one, request, about)

    def _one(self, request: Request, about: About) -> dict[str, Any]:
        self._gate.before(1)
        try:
            return _execute(request, about)
        except RemoteError as error:
            self._gate.after(error)
            raise

    def _together(self, batch: Sequence[Request]) -> list[Answer]:
        self._gate.before(len(batch))
        try:
            answers = _execute_batch(self._service, batch)
        except RemoteError as error:
            self._gate.after(error)
            raise
        for used_up in (each for each in answers if isinstance(each, QuotaExhausted)):
            self._gate.after(used_up)
        return answers

    def send_all(self, requests: Iterable[Request]) -> list[Answer]:
        """Send requests about events, in batches, and give an answer or an error for each, in their order.

        A batch has no order. What fails and may pass is tried again alone; a batch that is not answered as a whole, in
        smaller ones. After an error that concerns the whole calendar nothing more is sent: that error is the answer to
        all that was left.
        """
        answers: list[Answer] = []
        stopped: RemoteError | None = None
        for batch in batched(requests, self._batch_size):
            answers += [stopped] * len(batch) if stopped else self._settled(batch)
            stopped = next((each for each in answers if isinstance(each, WHOLE_CALENDAR)), None)
        return answers

    def _settled(self, batch: Sequence[Request]) -> Iterator[Answer]:
        """The answers to one batch, once what may pass was tried again."""
        parts = [batch]
        stopped: RemoteError | None = None
        while parts:
            try:
                answers = self._retrying(self._first_answers, parts)
            except RemoteError as error:
                yield from [error] * sum(map(len, parts))
                return
            for request, answer in zip(parts.pop(0), answers, strict=True):
                settled = answer
                if isinstance(answer, RemoteError) and _may_pass(answer):
                    settled = stopped or self._again(request, answer)
                stopped = settled if isinstance(settled, WHOLE_CALENDAR) else stopped
                yield settled
            if stopped:
                yield from [stopped] * sum(map(len, parts))
                return

    def _first_answers(self, parts: list[Sequence[Request]]) -> list[Answer]:
        """The answers to the first part. Raises RemoteError if it is not answered as a whole.

        Then it is in smaller parts the next time. Where connections are cut again and again, a large batch would never
        come through; and each part that does is a reason to be patient with the next.
        """
        first = parts[0]
        try:
            if len(first) > 1:
                return self._together(first)
            return [self._one(first[0], "event")]
        except RemoteError as error:
            if len(first) == 1 and not _may_pass(error):
                return [error]
            if len(first) > 1 and isinstance(error, Unreachable):
                parts[:1] = batched(first, ceil(len(first) / _SMALLER))
            raise

    def _again(self, request: Request, first: RemoteError) -> Answer:
        """Try once more what has failed with `first`, which counts as an attempt: a pause comes before the second."""
        failed = [first]

        def attempt() -> dict[str, Any]:
            if failed:
                raise failed.pop()
            return self._one(request, "event")

        try:
            return self._retrying(attempt)
        except RemoteError as error:
            return error


def batched(things: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """The things, so many at a time."""
    left = iter(things)
    while batch := tuple(islice(left, size)):
        yield batch


def _execute(request: Request, about: About) -> dict[str, Any]:
    try:
        with span("ircal.google", method=request.method, calls=1, about=about):
            return _object(request.execute(num_retries=0))
    except (*FAULTS, *GARBLED) as error:
        raise translate(error, about, request.uri) from error


def _execute_batch(service: Any, requests: Sequence[Request]) -> list[Answer]:
    answers: dict[str, Answer] = {}

    def note(number: str, answer: object, error: Exception | None) -> None:
        answers[number] = _translated(error) if error else _object(answer)

    batch = service.new_batch_http_request(callback=note)
    for number, request in enumerate(requests):
        batch.add(request, request_id=str(number))
    try:
        with span("ircal.google", method="POST", calls=len(requests), about="batch"):
            batch.execute()
    except (*FAULTS, *GARBLED) as error:
        raise translate(error, "calendar", requests[0].uri) from error
    return [answers[str(number)] for number in range(len(requests))]


def _object(answer: object) -> dict[str, Any]:
    """The JSON object of an answer; empty for a 204. The client hands on what is no JSON as a text."""
    if isinstance(answer, dict):
        return answer
    if answer:
        raise not_an_answer()
    return {}


def _translated(error: Exception) -> RemoteError:
    ours = translate(error, "event")
    ours.__cause__ = error
    return ours


def _tell(state: RetryCallState) -> None:
    """A pause is no secret: who waits shall know for what."""
    error = state.outcome.exception() if state.outcome else None
    log.warning("%s Trying again in %.1f s.", error, state.upcoming_sleep)


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, Throttled | Unreachable) and retry_after(error) <= LONGEST_PAUSE


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = retry_after(error) if isinstance(error, RemoteError) else 0.0
    return max(asked, _backoff(state))
