"""Signing in: a service account's signed assertion for an access token (OAuth 2, RFC 7523).

The assertion's form and claims are checked, its signature is not: nobody but us reads this world. Once credentials were
issued, only their `client_email` is known. Tokens live an hour by the real clock, because the client's library measures
them by it.
"""

import base64
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME_SECONDS = 3600

_JWT_PARTS = 3


class Refused(Exception):
    """A token request that is refused, with OAuth's word for it."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.body = {"error": error, "error_description": description}


class SignIn:
    """Issues access tokens and knows them again."""

    def __init__(self, *, required: bool = False) -> None:
        self.required = required
        self._emails: set[str] = set()
        self._expiries: dict[str, float] = {}

    def trust(self, client_email: str) -> None:
        """Know an account; from now on, unknown ones are refused."""
        self._emails.add(client_email)

    def accepts(self, authorization: str) -> bool:
        """Whether an Authorization header carries a token of ours that is still good, or none is needed."""
        scheme, _, token = authorization.partition(" ")
        known = scheme.lower() == "bearer" and self._expiries.get(token.strip(), 0) > time.time()
        return known or not self.required

    def token(self, form: bytes) -> dict[str, Any]:
        """Answer a token request, or raise `Refused`."""
        fields = parse_qs(form.decode("latin-1"))
        if fields.get("grant_type") != [GRANT]:
            raise Refused("unsupported_grant_type", f"Only {GRANT} is supported.")
        self._check(_claims(fields.get("assertion", [""])[0]))
        token = f"sandbox-{secrets.token_urlsafe(32)}"
        self._expiries[token] = time.time() + LIFETIME_SECONDS
        return {"access_token": token, "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"}

    def _check(self, claims: Mapping[str, Any]) -> None:
        missing = [name for name in ("iss", "scope", "aud", "iat", "exp") if not claims.get(name)]
        if missing:
            raise Refused("invalid_grant", f"Invalid JWT: {', '.join(missing)} missing.")
        if not isinstance(claims["exp"], int | float) or claims["exp"] <= time.time():
            raise Refused("invalid_grant", "Invalid JWT: Token must be a short-lived token.")
        if self._emails and str(claims["iss"]) not in self._emails:
            raise Refused("invalid_grant", "Invalid grant: account not found")


def _claims(assertion: str) -> Mapping[str, Any]:
    parts = assertion.split(".")
    if len(parts) != _JWT_PARTS or not all(parts) or _decoded(parts[0]).get("alg") != "RS256":
        raise Refused("invalid_grant", "Invalid JWT: not a token signed with RS256.")
    return _decoded(parts[1])


def _decoded(part: str) -> Mapping[str, Any]:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
