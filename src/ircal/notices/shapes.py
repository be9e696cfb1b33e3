"""How a notice is written: as a CloudEvent for programs, or as a message for Slack and what understands the same.

A CloudEvent (specification 1.0, structured mode) has a `type` (`ircal.` and the kind), a `source` (who tells it), a
`subject` (what it is about), an `id` that is the same however often it is sent, and `data`: the sentence and details.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cloudevents.core.bindings.http import to_structured_event
from cloudevents.core.v1.event import CloudEvent

if TYPE_CHECKING:
    from ircal.notices.notice import Notice

_ICONS = {
    "schedule.changed": ":calendar:",
    "guard.refused": ":octagonal_sign:",
    "sync.failing": ":warning:",
    "sync.recovered": ":white_check_mark:",
    "feed.stale": ":warning:",
}
_LISTED = 10
"""So many of a list are shown to people."""


def cloud_event(notice: Notice, source: str) -> tuple[str, bytes]:
    """The content type and the body of a CloudEvent; `source` is a URI that names this installation."""
    attributes = {
        "id": notice.id,
        "source": source,
        "type": f"ircal.{notice.kind}",
        "subject": notice.about,
        "time": notice.at,
        "datacontenttype": "application/json",
    }
    message = to_structured_event(CloudEvent(attributes, {"sentence": notice.sentence, **notice.details}))
    return message.headers["content-type"], message.body


def slack_message(notice: Notice, source: str) -> tuple[str, bytes]:
    """The content type and the body of a message for an incoming webhook of Slack."""
    lines = [f"{_ICONS[notice.kind]} {_escaped(notice.sentence)}"]
    for value in notice.details.values():
        if isinstance(value, list):
            lines += [f"\u2022 {_escaped(each)}" for each in value[:_LISTED]]
            lines += [f"\u2022 and {len(value) - _LISTED} more"] if len(value) > _LISTED else []
    lines.append(f"_{_escaped(source)}_")
    return "application/json", json.dumps({"text": "\n".join(lines)}).encode()


def _escaped(text: str) -> str:
    """A text in which Slack finds no commands (its guide "Formatting text")."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
