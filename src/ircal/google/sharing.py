"""Whom Google calendars are shared with, brought to what the programme asks for; nobody is mailed.

Only what the programme names is looked after: it is added where it is missing and changed where its role is another.
Nothing is ever taken away, for people share calendars by hand too; and whoever owns a calendar goes on owning it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from ircal.errors import ServerFault
from ircal.google.errors import LATER, not_an_answer
from ircal.google.sending import ATTEMPTS, BATCH_SIZE, Sender

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ircal.google.gate import Gate
    from ircal.model.sharing import Share

MAX_PAGES = 200
"""More than any list of rules has."""

_AS_GOOGLE_WRITES = ConfigDict(frozen=True, alias_generator=to_camel)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role to give; `rule` and `before` are those of the access rule that is there already, or empty."""

    share: Share
    rule: str = ""
    before: str = ""

    def __str__(self) -> str:
        """`share with user chief@example.edu as reader (was freeBusyReader)`."""
        was = f" (was {self.before})" if self.before else ""
        return f"share with {self.share.kind} {self.share.whom} as {self.share.role}{was}"


class Sharing:
    """The access rules of calendars. `service` is that of `client.build_service`, with the right to set them."""

    def __init__(
        self, service: Any, sleep: Callable[[float], None], attempts: int = ATTEMPTS, gate: Gate | None = None
    ) -> None:
        self._acl = service.acl()
        self._sender = Sender(service, sleep, BATCH_SIZE, attempts, gate)

    def missing(self, calendar_id: str, wanted: Iterable[Share]) -> tuple[Grant, ...]:
        """What it takes to have a calendar shared as it is wanted. Raises RemoteError."""
        try:
            there = {(rule.scope.type, rule.scope.value.lower()): rule for rule in self._rules(calendar_id)}
        except ValueError as error:  # pydantic's, too
            raise not_an_answer() from error
        return tuple(grant for share in wanted if (grant := _grant(share, there.get((share.kind, share.whom)))))

    def give(self, calendar_id: str, grant: Grant) -> None:
        """Give one role, without a mail. Raises RemoteError."""
        share = grant.share
        quietly = {"calendarId": calendar_id, "sendNotifications": False}
        if grant.rule:
            request = self._acl.patch(ruleId=grant.rule, body={"role": share.role}, **quietly)
        else:
            body = {"role": share.role, "scope": {"type": share.kind, "value": share.whom}}
            request = self._acl.insert(body=body, **quietly)
        self._sender.send(request, "calendar")

    def _rules(self, calendar_id: str) -> Iterator[_Rule]:
        request = self._acl.list(calendarId=calendar_id, maxResults=250)
        for _ in range(MAX_PAGES):
            answer = self._sender.send(request, "calendar")
            yield from _Page.model_validate(answer).items
            request = self._acl.list_next(request, answer)
            if request is None:
                return
        raise ServerFault(f"The list of access rules goes on without end ({MAX_PAGES} pages).", LATER)


class _Scope(BaseModel):
    model_config = _AS_GOOGLE_WRITES

    type: str
    value: str = ""


class _Rule(BaseModel):
    model_config = _AS_GOOGLE_WRITES

    id: str
    role: str
    scope: _Scope


class _Page(BaseModel):
    model_config = _AS_GOOGLE_WRITES

    items: tuple[_Rule, ...]


def _grant(share: Share, there: _Rule | None) -> Grant | None:
    if there is None or there.role == "none":
        return Grant(share)
    return None if there.role in {share.role, "owner"} else Grant(share, there.id, there.role)
