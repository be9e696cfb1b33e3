"""Who may see a calendar and who is told of its changes: access rules and notification channels, in the least form.

Every caller of the sandbox is the owner, so rules are remembered and never enforced. Two facts of the API are kept
because they hurt: `acl.insert` mails the grantee by default, and a change of rules makes sync tokens worthless.
Channels are remembered and nothing is delivered on them yet.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from ircal.google.sandbox.errors import Invalid, NotFound, Required
from ircal.google.sandbox.model import Calendar, Resource

DEFAULT_TTL_SECONDS = 604_800
MAX_TOKEN = 256

_ROLES = ("none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")
_SCOPES = ("default", "user", "group", "domain")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Notice:
    """What `acl.insert` did about mail: who got which role where, and whether Google would have written to them."""

    calendar_id: str
    rule_id: str
    role: str
    mailed: bool


def owner_rule(owner: str, version: int) -> dict[str, Resource]:
    """The rule that every calendar is born with."""
    rule = _rule("owner", {"type": "user", "value": owner}, version)
    return {rule["id"]: rule}


def list_rules(calendar: Calendar) -> Resource:
    """`acl.list`, in one page."""
    return {"kind": "calendar#acl", "etag": f'"{calendar.version:016d}"', "items": list(calendar.rules.values())}


def insert_rule(calendar: Calendar, body: Mapping[str, Any], version: int) -> Resource:
    """Add a rule, or replace the one of the same scope."""
    role, scope = body.get("role"), body.get("scope")
    if not role or not isinstance(scope, Mapping):
        raise Required(location="scope" if role else "role")
    if role not in _ROLES or scope.get("type") not in _SCOPES or (scope["type"] == "default") == ("value" in scope):
        raise Invalid("Invalid scope value.")
    rule = _rule(str(role), scope, version)
    calendar.rules[rule["id"]] = rule
    calendar.generation += 1
    return rule


def _rule(role: str, scope: Mapping[str, Any], version: int) -> Resource:
    rule_id = f"{scope['type']}:{scope['value']}" if "value" in scope else str(scope["type"])
    return {
        "kind": "calendar#aclRule",
        "etag": f'"{version:016d}"',
        "id": rule_id,
        "role": role,
        "scope": dict(scope),
    }


def open_channel(calendar: Calendar, body: Mapping[str, Any], taken: Mapping[str, Resource], now: datetime) -> Resource:
    """The channel that `events.watch` grants."""
    channel_id, address = str(body.get("id") or ""), str(body.get("address") or "")
    if not channel_id or not address:
        raise Required(location="address" if channel_id else "id")
    if channel_id in taken:
        raise Invalid(f"Channel id {channel_id} not unique")
    if body.get("type") not in ("web_hook", "webhook") or len(str(body.get("token") or "")) > MAX_TOKEN:
        raise Invalid
    _check_address(address)
    resource_id = hashlib.sha256(calendar.id.encode()).hexdigest()[:27]
    path = f"calendars/{quote(calendar.id, safe='')}/events"
    channel = {"kind": "api#channel", "id": channel_id, "resourceId": resource_id, "address": address}
    channel |= {"resourceUri": f"https://www.googleapis.com/calendar/v3/{path}?alt=json"}
    channel |= {"expiration": str(_expiration(body, now))}
    return channel | ({"token": str(body["token"])} if body.get("token") else {})


def _check_address(address: str) -> None:
    url = urlsplit(address)
    # Google wants https with a valid certificate; a demo that listens beside the sandbox has neither.
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in _LOOPBACK):
        raise Invalid("WebHook callback must be HTTPS")


def _expiration(body: Mapping[str, Any], now: datetime) -> int:
    milliseconds = int(now.timestamp() * 1000)
    parameters = body.get("params")
    ttl = parameters.get("ttl") if isinstance(parameters, Mapping) else None
    try:
        if body.get("expiration") is not None:
            return int(body["expiration"])
        return milliseconds + int(ttl if ttl is not None else DEFAULT_TTL_SECONDS) * 1000
    except (TypeError, ValueError):
        raise Invalid from None


def channel_to_stop(body: Mapping[str, Any], channels: Mapping[str, Resource]) -> str:
    """The id of the channel that `channels.stop` names, by both of its ids."""
    channel_id = str(body.get("id") or "")
    channel = channels.get(channel_id)
    if not channel or channel["resourceId"] != body.get("resourceId"):
        raise NotFound(f"Channel '{channel_id}' not found for project")
    return channel_id
