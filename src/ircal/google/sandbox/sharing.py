"""Who may see a calendar: access rules, in the least form.

Every caller of the sandbox is the owner, so rules are remembered and never enforced. Two facts of the API are kept
because they hurt: `acl.insert` mails the grantee by default, and a change of rules makes sync tokens worthless.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ircal.google.sandbox.errors import Invalid, Required
from ircal.google.sandbox.model import Calendar, Resource

_ROLES = ("none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")
_SCOPES = ("default", "user", "group", "domain")


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
