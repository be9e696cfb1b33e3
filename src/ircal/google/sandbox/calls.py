"""A call and its answer as values: what the API reads of a request, and what it sends back.

The same values serve a request on its own and one inside a batch, so nothing behind this module knows which it was.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from ircal.google.sandbox.errors import ParseError, SandboxError

API_PATH = "/calendar/v3/"


@dataclass(frozen=True)
class Call:
    """One API call. The path is as it was sent, still percent-encoded; header names are in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    in_batch: bool = False

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The decoded query string, in its order."""
        return parse_qsl(self.query, keep_blank_values=True)

    def parameter(self, name: str) -> str:
        """One query parameter; empty if it is missing."""
        return dict(self.parameters).get(name, "")

    def header(self, name: str) -> str:
        """One header; empty if it is missing."""
        return self.headers.get(name, "")

    def resource(self) -> dict[str, Any]:
        """The JSON object that was sent."""
        try:
            sent = json.loads(self.body or b"{}")
        except ValueError:
            raise ParseError from None
        if not isinstance(sent, dict):
            raise ParseError
        return sent


@dataclass(frozen=True)
class Answer:
    """The status and the JSON object to send back; no object, no body."""

    status: int
    resource: Mapping[str, Any] | None = None

    @property
    def content(self) -> bytes:
        """The body's bytes."""
        return b"" if self.resource is None else json.dumps(self.resource, ensure_ascii=False, indent=1).encode()

    @property
    def headers(self) -> dict[str, str]:
        """The headers that the API sets."""
        if self.resource is None:
            return {}
        tag = {"ETag": str(self.resource["etag"])} if "etag" in self.resource else {}
        return {"Content-Type": "application/json; charset=UTF-8", **tag}


class Cut(Exception):
    """The connection is cut instead of an answer."""


Handler = Callable[[Call], Answer]
"""What answers calls. A seeded fault is a function from one handler to another."""


def refusal(error: SandboxError) -> Answer:
    """The answer that a refusal becomes."""
    return Answer(error.status, error.body())
