"""`/hooks/config`: a git host tells that the configuration has changed.

Whoever knows the secret may have the configuration looked at again, and nothing else: what is sent is not read but to
check its signature. GitHub's form, GitLab's two, and those of who does as they do, see `ircal.web.signatures`.

The same message is taken once: what was seen a while ago is answered as before and does nothing. That a message is the
same is told by what its signature covers, for a number of a delivery can be written anew.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from ircal.web.answers import plain, too_many
from ircal.web.hooks import BodyRefused, headers_of, host_of, read_body
from ircal.web.signatures import is_secret, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope

    from ircal.web.answers import Answer
    from ircal.web.limiter import WrongTries
    from ircal.web.signatures import Proof

log = logging.getLogger(__name__)

LARGEST = 25 << 20
"""Bytes of a body; GitHub sends no larger ones (guide "Webhook events and payloads")."""
REMEMBERED_SECONDS = 600
_REMEMBERED = 1000

_ABOUT = "hooks/config"
TAKEN = plain(202, "The configuration is looked at again.\n")._replace(about=_ABOUT)
SEEN = plain(200, "That came before.\n")._replace(about=_ABOUT)
PONG = plain(200, "This is the right address, and the secret fits.\n")._replace(about=_ABOUT)
NOTHING_TO_DO = plain(200, "That is no push, and nothing is to be done.\n")._replace(about=_ABOUT)
NOT_PROVED = plain(
    403, "The signature does not fit: the secret here is another one, or the message is old.\n"
)._replace(about=_ABOUT)

_PUSHES = frozenset({"push", "push hook", "tag push hook", "system hook", "repository update hook"})
"""Events after which there may be something new, as GitHub and GitLab call them; one that has no name is one, too."""


class ConfigHook:
    """Answers a git host. `changed` is called for a push and must return soon; it runs in a thread.

    `now` gives Unix seconds. `wrong` counts what does not prove itself.
    """

    def __init__(self, secret: str, changed: Callable[[], None], now: Callable[[], float], wrong: WrongTries) -> None:
        if not secret:
            raise ValueError("an empty secret would let everybody in")
        self._secret = secret
        self._changed = changed
        self._now = now
        self._wrong = wrong
        self._seen: OrderedDict[str, float] = OrderedDict()

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """2xx for whoever knows the secret."""
        headers = headers_of(scope)
        proof = signed(headers, self._secret, self._now())
        try:
            proved = await self._proves(proof, receive) if proof else await self._brings_the_secret(headers, receive)
        except BodyRefused as refused:
            return refused.answer._replace(about=_ABOUT)
        if not proved:
            seconds = self._wrong.count(host_of(scope))
            return too_many(seconds) if seconds else NOT_PROVED
        return await self._taken(headers, proof.once if proof else headers.get("idempotency-key", ""))

    async def _proves(self, proof: Proof, receive: Receive) -> bool:
        await read_body(receive, LARGEST, proof.worked_out.update)
        return proof.holds()

    async def _brings_the_secret(self, headers: Mapping[str, str], receive: Receive) -> bool:
        if not is_secret(headers, self._secret):
            return False
        await read_body(receive, LARGEST, lambda _piece: None)
        return True

    async def _taken(self, headers: Mapping[str, str], once: str) -> Answer:
        event = (headers.get("x-github-event") or headers.get("x-gitlab-event") or "push").lower()
        if event == "ping":
            return PONG
        if event not in _PUSHES:
            return NOTHING_TO_DO
        if once and self._saw(once):
            return SEEN
        log.info("A push was told of (%s).", event)
        await run_in_threadpool(self._changed)
        if once:  # only now: what failed may come again
            self._seen[once] = self._now()
        return TAKEN

    def _saw(self, once: str) -> bool:
        """Whether that came a while ago; what came long ago is forgotten here."""
        while self._seen and (
            len(self._seen) > _REMEMBERED or next(iter(self._seen.values())) + REMEMBERED_SECONDS <= self._now()
        ):
            self._seen.popitem(last=False)
        return once in self._seen
