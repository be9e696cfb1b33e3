"""Who we are towards Google: a service account's key, a user who signed in, what the machine provides, or nobody.

    a key file is given             that service account, in the name of `subject` if there is one
    somebody has signed in          that user (`login`); not towards a loopback root, unless they signed in there
    none, and a loopback API root   nobody: nothing secret is sent to a sandbox, unless the machine is told who it is
    none                            application default credentials

The key's own `token_uri` is asked for tokens, and only for the right to read and write events. An error names the
file, and never says what is in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import google.auth
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import service_account

from ircal.errors import Denied, SettingsError
from ircal.google.errors import GARBLED
from ircal.google.transport import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from google.auth.credentials import Credentials

SCOPE = "https://www.googleapis.com/auth/calendar.events"
"""View and edit events: not calendars, not their sharing."""
ACLS = "https://www.googleapis.com/auth/calendar.acls"
"""See and set whom calendars are shared with; asked for only where the programme says something of that."""
CALENDARS_READONLY = "https://www.googleapis.com/auth/calendar.calendars.readonly"
"""See what a calendar is called and who owns it; `ircal doctor` asks for it, and does without where it is refused."""

_MOST_BYTES = 65536
"""More than any key has: a key file is some 2400 bytes."""

_KEY_HELP = (
    "Make a JSON key for the service account in Google's console and name its file in IRCAL_GOOGLE__CREDENTIALS_FILE."
)


def credentials_for(  # noqa: PLR0913, PLR0917 each is one thing that tells who we are
    api_root: str,
    key_file: Path | None,
    subject: str | None,
    environ: Mapping[str, str],
    scopes: Sequence[str] = (SCOPE,),
    login: Credentials | None = None,
) -> Credentials | None:
    """The credentials to use with the API at `api_root`, for the rights that `scopes` name; None to send none.

    `login` is the user who signed in, with the rights that they gave then.

    Raises SettingsError when the key cannot be read or is not one, and Denied when this machine has no credentials.
    """
    if key_file:
        return _service_account(key_file, subject, scopes)
    if login and not subject and is_loopback(api_root) <= is_loopback(str(getattr(login, "token_uri", ""))):
        return login
    if is_loopback(api_root) and not environ.get("GOOGLE_APPLICATION_CREDENTIALS"):
        return None
    if subject:
        raise SettingsError("Only a service account with a key can write in the name of another account.", _KEY_HELP)
    return _default(scopes)


def account_of(credentials: Credentials | None) -> str:
    """Who that is towards Google, as far as can be told before anything is asked; empty for nobody."""
    if getattr(credentials, "refresh_token", None):
        return "a user (by `ircal login`)"
    email = getattr(credentials, "service_account_email", "")
    subject = getattr(credentials, "_subject", "")
    return str(subject or (email if "@" in str(email) else "") or ("this machine" if credentials else ""))


def _service_account(key_file: Path, subject: str | None, scopes: Sequence[str]) -> Credentials:
    try:
        return _from_info(_content(key_file), subject, scopes)
    except OSError as error:
        raise SettingsError(f"The key file {key_file} cannot be read: {error.strerror}.", _KEY_HELP) from None
    except _NoKey as fault:
        raise SettingsError(f"The key file {key_file} {fault}.", _KEY_HELP) from None


class _NoKey(Exception):
    """What is wrong with a key file, as the end of a sentence."""


def _content(key_file: Path) -> dict[str, Any]:
    with key_file.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise _NoKey("is too large to be a key")
    try:
        info = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _NoKey("is not JSON") from None
    if not isinstance(info, dict) or info.get("type") != "service_account":
        raise _NoKey("is not the key of a service account")
    return info


def _from_info(info: Mapping[str, Any], subject: str | None, scopes: Sequence[str]) -> Credentials:
    """The account, from the fields that make it one; what else stands there is not for us."""
    key = {name: info.get(name) for name in ("client_email", "private_key", "token_uri")}
    if missing := [name for name, value in key.items() if not (isinstance(value, str) and value)]:
        raise _NoKey(f"is damaged or incomplete: there is no {' and no '.join(missing)} in it")
    if not is_safe(str(key["token_uri"])):
        raise _NoKey("is damaged: its token_uri is no https address")
    try:
        key["private_key_id"] = str(info.get("private_key_id") or "")
        found = service_account.Credentials.from_service_account_info(key, scopes=[*scopes], subject=subject)
        found.sign_bytes(b"a trial: not every key can sign")
    except (ValueError, TypeError, AttributeError):  # what it says may quote the key
        raise _NoKey("is damaged: its private_key is none") from None
    return cast("Credentials", found)


def is_safe(url: str) -> bool:
    """Whether what proves who we are may be sent there."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # a bracket too many, a port that is no number
        return False
    if parts.username is not None or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))


def _default(scopes: Sequence[str]) -> Credentials:
    try:
        found, _project = google.auth.default(scopes=[*scopes])
    except (GoogleAuthError, *GARBLED, OSError):  # what it says may quote the file
        raise Denied("This machine has no Google credentials that can be used.", _KEY_HELP) from None
    return found
