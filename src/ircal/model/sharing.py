"""Whom a Google calendar is shared with: what the programme asks for, besides what people do in Google by hand."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator

from ircal.model.values import Value

ShareRole = Literal["freeBusyReader", "reader", "writer"]
"""Google's words: sees when somebody is busy; sees events; changes events. To own a calendar is not given by a file."""


def _address(text: str) -> str:
    if text and not (re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", text) and text.isprintable()):
        msg = f"{text!r} is not an e-mail address; it looks like chief@example.edu"
        raise ValueError(msg)
    return text


def _domain(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", text):
        msg = f"{text!r} is not a domain; it looks like example.edu"
        raise ValueError(msg)
    return text


class Share(Value):
    """Whom a Google calendar is shared with: one `user` or `group` by its address, or everybody of a `domain`."""

    role: ShareRole
    user: Annotated[str, AfterValidator(_address)] = ""
    group: Annotated[str, AfterValidator(_address)] = ""
    domain: Annotated[str, AfterValidator(_domain)] = ""

    @model_validator(mode="after")
    def _with_one(self) -> Self:
        if bool(self.user) + bool(self.group) + bool(self.domain) != 1:
            msg = "an entry of `share` is for one `user`, one `group` or one `domain`"
            raise ValueError(msg)
        return self

    @property
    def kind(self) -> Literal["user", "group", "domain"]:
        """Which of the three it is for."""
        return "user" if self.user else "group" if self.group else "domain"

    @property
    def whom(self) -> str:
        """The address or domain, as Google compares it."""
        return (self.user or self.group or self.domain).lower()
