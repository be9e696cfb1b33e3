"""Who we are towards Google: a service account's key, what the machine itself provides, or nobody.

    a key file is given             that service account, in the name of `subject` if there is one
    none, and a loopback API root   nobody: nothing secret is sent to a sandbox, unless the machine is told who it is
    none                            application default credentials

The key's own `token_uri` is asked for tokens, and only for the right to read and write events. An error names the
file, and never says what is in it.
"""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import google.auth
from google.auth.exceptions import DefaultCredentialsError
from google.oauth2 import service_account

from ircal.errors import Denied, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from google.auth.credentials import Credentials

SCOPE = "https://www.googleapis.com/auth/calendar.events"
"""View and edit events: not calendars, not their sharing."""

_KEY_HELP = (
    "Make a JSON key for the service account in Google's console and name its file in IRCAL_GOOGLE__CREDENTIALS_FILE."
)


def credentials_for(
    api_root: str, key_file: Path | None, subject: str | None, environ: Mapping[str, str]
) -> Credentials | None:
    """The credentials to use with the API at `api_root`; None to send none.

    Raises SettingsError when the key cannot be read or is not one, and Denied when this machine has no credentials.
    """
    if key_file:
        return _service_account(key_file, subject)
    if is_loopback(api_root) and not environ.get("GOOGLE_APPLICATION_CREDENTIALS"):
        return None
    if subject:
        raise SettingsError("Only a service account with a key can write in the name of another account.", _KEY_HELP)
    return _default()


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine and nowhere else."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _service_account(key_file: Path, subject: str | None) -> Credentials:
    try:
        info = json.loads(key_file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The key file {key_file} cannot be read: {error.strerror}.", _KEY_HELP) from None
    except ValueError:
        raise SettingsError(f"The key file {key_file} is not JSON.", _KEY_HELP) from None
    if not isinstance(info, dict) or info.get("type") != "service_account":
        raise SettingsError(f"The key file {key_file} is not the key of a service account.", _KEY_HELP)
    return _from_info(info, key_file, subject)


def _from_info(info: Mapping[str, Any], key_file: Path, subject: str | None) -> Credentials:
    try:
        found: Credentials = service_account.Credentials.from_service_account_info(
            info, scopes=[SCOPE], subject=subject
        )
    except (ValueError, TypeError, AttributeError):  # what it says may quote the key
        raise SettingsError(f"The key file {key_file} is damaged or incomplete.", _KEY_HELP) from None
    return found


def _default() -> Credentials:
    try:
        found, _project = google.auth.default(scopes=[SCOPE])
    except DefaultCredentialsError:
        raise Denied("This machine has no Google credentials that can be used.", _KEY_HELP) from None
    return found
