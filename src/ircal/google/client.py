"""Google's own client for the Calendar API, pointed at an API root.

It is built from the discovery document that comes with the library: no network is needed to make it, and every request,
batches too, goes to the root. (`client_options.api_endpoint`, the documented way, leaves batches at Google, and
environment variables may move requests to other hosts.)
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc

from ircal.errors import SettingsError
from ircal.google.access import Access
from ircal.google.auth import SCOPE, credentials_for
from ircal.google.transport import http_for, is_loopback

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from google.auth.credentials import Credentials

API_ROOT = "https://www.googleapis.com"


def connect(
    api_root: str = API_ROOT,
    key_file: Path | None = None,
    subject: str | None = None,
    scopes: Sequence[str] = (SCOPE,),
) -> Any:
    """A service with the credentials that belong to this root (see `auth`); not for use by two threads at once.

    Nothing is sent yet. Raises SettingsError or Denied.
    """
    return build_service(api_root, credentials_for(api_root, key_file, subject, os.environ, scopes))


def build_service(api_root: str, credentials: Credentials | None) -> Any:
    """A `googleapiclient` service of which every request goes to the root. Raises SettingsError for an unsafe root."""
    if not (api_root.startswith("https://") or is_loopback(api_root)):
        raise SettingsError(
            f"The API root {api_root} is not https, and would carry tokens in clear.", f"Use {API_ROOT}."
        )
    http = http_for(api_root)
    if credentials is not None:
        http = AuthorizedHttp(Access(credentials), http=http)
    return build_from_document(_document(api_root), http=http, client_options={"universe_domain": "googleapis.com"})


def _document(api_root: str) -> dict[str, Any]:
    """The packaged discovery document with the root in place of Google's."""
    document: dict[str, Any] = json.loads(get_static_doc("calendar", "v3"))
    root = api_root.rstrip("/") + "/"
    document |= {"rootUrl": root, "baseUrl": root + document["servicePath"]}
    document.pop("mtlsRootUrl", None)
    return document
