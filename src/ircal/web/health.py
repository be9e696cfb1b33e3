"""How we are, for machines: `/healthz`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ircal.web.answers import UNSEEN, answer

if TYPE_CHECKING:
    from ircal.web.answers import Answer


@dataclass(frozen=True, slots=True)
class Health:
    """How we are: whether there is a programme, how many feeds, and how many problems the newest configuration has."""

    loaded: bool
    feeds: int
    problems: int

    @property
    def status(self) -> str:
        """`ok`; `degraded` while an older programme is served than the one configured; `down` without any."""
        if not self.loaded:
            return "down"
        return "degraded" if self.problems else "ok"


class HasHealth(Protocol):
    """Whatever can say how it is."""

    def health(self) -> Health:
        """How it is. Must not block."""


def health_answer(health: Health) -> Answer:
    """200, or 503 while there is nothing to serve, with the health as JSON."""
    told = {"status": health.status, "loaded": health.loaded, "feeds": health.feeds, "problems": health.problems}
    body = json.dumps(told, separators=(",", ":")).encode()
    headers = {**UNSEEN, "content-length": str(len(body)), "content-type": "application/json"}
    return answer(200 if health.loaded else 503, headers, body, "healthz")
