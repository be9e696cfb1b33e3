"""Faults on a seeded plan: the same seed and the same calls give the same faults.

    SandboxServer(wrap=Faults(seed=7, rate=0.2))

A fault is an answer of Google's that refuses (`REFUSALS`), a slow one, or a connection that is cut: before the call was
carried out, or after. Inside a batch a cut ends the whole batch, of which some calls were carried out and some not.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ircal.google.sandbox.calls import Answer, Call, Cut, Handler

REFUSALS: dict[str, int] = {
    "pushNotSupportedForRequestedResource": 400,
    "authError": 401,
    "push.webhookUrlUnauthorized": 401,
    "rateLimitExceeded": 403,
    "userRateLimitExceeded": 403,
    "quotaExceeded": 403,
    "dailyLimitExceeded": 403,
    "accessNotConfigured": 403,
    "forbidden": 403,
    "insufficientPermissions": 403,
    "requiredAccessLevel": 403,
    "forbiddenForNonOrganizer": 403,
    "forbiddenForServiceAccounts": 403,
    "notACalendarUser": 403,
    "notFound": 404,
    "duplicate": 409,
    "deleted": 410,
    "fullSyncRequired": 410,
    "conditionNotMet": 412,
    "tooManyRequests": 429,
    "internalError": 500,
    "badGateway": 502,
    "backendError": 503,
    "gatewayTimeout": 504,
}
"""Reasons and their status; where one reason has two, it has another name here for the second."""
_REASONS = {"tooManyRequests": "rateLimitExceeded", "badGateway": "backendError", "gatewayTimeout": "backendError"}
"""What Google calls the reason, where it has no name of its own."""

SLOW, CUT_BEFORE, CUT_AFTER = "slow", "cutBefore", "cutAfter"
EVERY_FAULT = (*REFUSALS, SLOW, CUT_BEFORE, CUT_AFTER)


def _any(_call: Call) -> bool:
    return True


def _watches(call: Call) -> bool:
    return call.path.endswith("/events/watch")


_ONLY: dict[str, Callable[[Call], bool]] = {
    "duplicate": lambda call: call.method == "POST",
    "deleted": lambda call: call.method == "DELETE",
    "fullSyncRequired": lambda call: "syncToken=" in call.query,
    "conditionNotMet": lambda call: bool(call.header("if-match")),
    "pushNotSupportedForRequestedResource": _watches,
    "push.webhookUrlUnauthorized": _watches,
}
"""Refusals that Google gives to some calls alone."""


@dataclass
class Faults:
    """A `gateway.Wrap` that makes so many of the calls (0 to 1) fail. Set `rate` to 0, and all is well again."""

    seed: int
    rate: float
    kinds: Sequence[str] = EVERY_FAULT
    seconds: float = 0.02
    """How long a slow answer takes."""
    made: list[str] = field(default_factory=list)
    """The faults so far."""

    def __post_init__(self) -> None:
        """Begin the plan."""
        self._random = random.Random(self.seed)  # noqa: S311 nothing is secret here

    def __call__(self, handler: Handler) -> Handler:
        """The handler to use instead."""
        return lambda call: self._answer(handler, call)

    def _answer(self, handler: Handler, call: Call) -> Answer:
        kind = self._random.choice(self.kinds) if self._random.random() < self.rate else ""
        if not kind or not _ONLY.get(kind, _any)(call):
            return handler(call)
        self.made.append(kind)
        if kind in REFUSALS:
            return _refusing(kind)
        if kind == CUT_BEFORE:
            raise Cut
        answer = handler(call)
        if kind == CUT_AFTER:
            raise Cut
        time.sleep(self.seconds)
        return answer


def _refusing(reason: str) -> Answer:
    status, told = REFUSALS[reason], _REASONS.get(reason, reason)
    domain = "usageLimits" if "Exceeded" in told else "global"
    detail = {"domain": domain, "reason": told, "message": reason}
    return Answer(status, {"error": {"errors": [detail], "code": status, "message": reason}})
