"""Signing in as oneself: a single user lets ircal write to their calendars, in a browser, once.

What Google gives for it, a refresh token, opens those calendars until it is withdrawn. It is kept in one file of the
state folder that its owner alone may read, and is shown nowhere. To use it no more: delete the file, and withdraw it at
https://myaccount.google.com/permissions.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, Any, cast

from google.oauth2.credentials import Credentials

from ircal.errors import Denied, SettingsError
from ircal.google.auth import is_safe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_FIELDS = ("client_id", "client_secret", "refresh_token", "token_uri")
_MOST_BYTES = 65536
_CLIENT_HELP = (
    "In Google's console, make an OAuth client of the type Desktop app, download its JSON, and name that file with "
    "--client."
)
_AGAIN = "Run `ircal login` again."
_PATIENCE = 300
"""Seconds to wait for the browser."""


def log_in(client_file: Path, file: Path, scopes: Sequence[str]) -> None:
    """Have somebody sign in with their browser, and keep what comes of it in `file`.

    Raises SettingsError when the client cannot be used or the file cannot be written, Denied when it came to nothing.
    """
    from google_auth_oauthlib.flow import InstalledAppFlow  # noqa: PLC0415 slow to load, and only needed here

    client = _client(client_file)
    flow = InstalledAppFlow.from_client_config({"installed": client}, scopes=[*scopes])
    try:
        found = flow.run_local_server(
            host="localhost",
            bind_addr="127.0.0.1",
            port=0,
            authorization_prompt_message="Sign in with your browser:\n{url}",
            success_message="ircal is signed in. You may close this window.",
            timeout_seconds=_PATIENCE,
            prompt="consent",  # or Google gives no refresh token the second time
        )
    except Exception as error:  # noqa: BLE001 of many libraries; what they say may quote a secret
        raise Denied(f"Nobody signed in ({type(error).__name__}).", _AGAIN) from None
    if not found.refresh_token:
        raise Denied("Google gave no lasting right (refresh token).", _AGAIN)
    kept = {"type": "authorized_user", **{name: getattr(found, name) for name in _FIELDS}, "scopes": [*scopes]}
    _keep(json.dumps(kept), file)


def logged_in(file: Path) -> Credentials | None:
    """The credentials that somebody signed in with, if anybody did. Raises SettingsError for a file that is damaged."""
    try:
        with file.open("rb") as opened:
            info = json.loads(opened.read(_MOST_BYTES))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"The login {file} cannot be read: {error.strerror}.", _AGAIN) from None
    except ValueError:
        raise SettingsError(f"The login {file} is damaged.", _AGAIN) from None
    return Credentials(None, **_fields(info, SettingsError(f"The login {file} is damaged.", _AGAIN)))


def _client(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            info = json.loads(opened.read(_MOST_BYTES).decode("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"The client file {file} cannot be read: {error.strerror}.", _CLIENT_HELP) from None
    except ValueError:
        raise SettingsError(f"The client file {file} is not JSON.", _CLIENT_HELP) from None
    client = info.get("installed") if isinstance(info, dict) else None
    wrong = SettingsError(f"The client file {file} is not that of a desktop app.", _CLIENT_HELP)
    names = ("client_id", "client_secret", "auth_uri", "token_uri")
    if not isinstance(client, dict) or not all(isinstance(client.get(name), str) and client[name] for name in names):
        raise wrong
    if not (is_safe(client["token_uri"]) and is_safe(client["auth_uri"])):
        raise wrong
    return cast("dict[str, Any]", {name: client[name] for name in names})


def _fields(info: object, damaged: SettingsError) -> Mapping[str, str]:
    fields = {name: info.get(name) for name in _FIELDS} if isinstance(info, dict) else {}
    if not fields or not all(isinstance(value, str) and value for value in fields.values()):
        raise damaged
    if not is_safe(str(fields["token_uri"])):
        raise damaged
    return cast("Mapping[str, str]", fields)


def _keep(text: str, file: Path) -> None:
    """Write the file whole, for its owner alone from its first byte on."""
    new = file.with_suffix(".new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            new.unlink()
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
            opened.write(text)
        new.replace(file)
    except OSError as error:
        remedy = "Give ircal the right to write there, or name another folder with IRCAL_STATE_DIR."
        raise SettingsError(f"The login {file} cannot be written: {error.strerror}.", remedy) from None
