"""Object stores: how one is opened, who we are to it, and what its refusals mean.

obstore takes its settings from the variables that each cloud's own tools take (`AWS_*`, `GOOGLE_*`, `AZURE_*`). Where
those hold no credentials, it would ask the address at which clouds tell a machine who it is. On a machine outside a
cloud that address leads anywhere, and inside one to more rights than were meant, so that it is asked only if the
settings say so. What obstore says of a failure holds the request's address and the store's answer: of that a person is
shown the status and the code, never the text.
"""

from __future__ import annotations

import contextlib
import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from obstore.exceptions import BaseError
from obstore.store import AzureStore, GCSStore, S3Store

from ircal.errors import PublishError, Undelivered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from obstore.store import ObjectStore, RetryConfig

    from ircal.publish.place import Delivery

_CREDENTIALS = {
    "s3": (
        ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
        ("AWS_SKIP_SIGNATURE",),
    ),
    "gs": (
        ("GOOGLE_SERVICE_ACCOUNT",),
        ("GOOGLE_SERVICE_ACCOUNT_PATH",),
        ("GOOGLE_SERVICE_ACCOUNT_KEY",),
        ("GOOGLE_APPLICATION_CREDENTIALS",),
        ("GOOGLE_BEARER_TOKEN",),
        ("GOOGLE_SKIP_SIGNATURE",),
    ),
    "az": (
        ("AZURE_STORAGE_ACCOUNT_KEY",),
        ("AZURE_STORAGE_ACCESS_KEY",),
        ("AZURE_STORAGE_SAS_TOKEN",),
        ("AZURE_STORAGE_SAS_KEY",),
        ("AZURE_STORAGE_TOKEN",),
        ("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID"),
        ("AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_TENANT_ID"),
        ("AZURE_SKIP_SIGNATURE",),
    ),
}
"""By scheme: the sets of variables of which one must be there, whole."""

_ENDPOINTS = {
    "s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "gs": ("GOOGLE_BASE_URL",),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
}
_TRUE = {"1", "true", "on", "yes", "y"}

_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w{1,60})</Code>")

_SETTINGS = "The settings for object stores are in docs/how-to/publish.md."
_AGAIN = "What was written before is whole; the next run does the rest."


def open_bucket(address: str, delivery: Delivery) -> ObjectStore:
    """The bucket and prefix of an address without credentials. Raises PublishError; nothing is sent."""
    parts = urlsplit(address)
    _settled(parts.scheme, delivery)
    retry: RetryConfig = {
        "max_retries": delivery.attempts - 1,
        "retry_timeout": timedelta(minutes=1),
        "backoff": {"init_backoff": timedelta(milliseconds=200), "max_backoff": timedelta(seconds=10)},
    }
    try:
        if parts.scheme == "s3":  # one by one: not every store that speaks S3 can delete in bulk
            return S3Store.from_url(address, disable_bulk_delete=True, retry_config=retry)
        kind = GCSStore if parts.scheme == "gs" else AzureStore
        return kind.from_url(address, retry_config=retry)
    except (BaseError, ValueError, OSError) as error:
        missing = "Account must be specified" in str(error)
        why = "AZURE_STORAGE_ACCOUNT_NAME is not set" if missing else "the environment's settings make no sense"
        raise PublishError(f"{address} cannot be opened: {why}.", _SETTINGS) from None


def _settled(scheme: str, delivery: Delivery) -> None:
    """See that the environment says who we are, and that what we send does not travel in clear by mistake."""
    sets = _CREDENTIALS[scheme]
    if not delivery.machine_identity and not any(all(_given(name) for name in names) for names in sets):
        remedy = (
            f"Set {' and '.join(sets[0])}, or one of the others in docs/how-to/publish.md; or let ircal ask the cloud "
            "who this machine is, with IRCAL_PUBLISH__MACHINE_IDENTITY=true."
        )
        raise PublishError(f"The environment has no credentials for {scheme}://.", remedy)
    for name in _ENDPOINTS[scheme]:
        endpoint, in_clear = os.environ.get(name, ""), f"{name.partition('_')[0]}_ALLOW_HTTP"
        if "@" in endpoint or "?" in endpoint:
            raise PublishError(f"{name} must not hold credentials or options.", _SETTINGS)
        if endpoint.startswith("http://") and not _true(in_clear):
            remedy = f"Use https, or set {in_clear}=true for a store on this machine."
            raise PublishError(f"{name} is plain http, which anybody on the way can read and change.", remedy)


def _given(name: str) -> bool:
    return _true(name) if name.endswith("SKIP_SIGNATURE") else bool(os.environ.get(name))


def _true(name: str) -> bool:
    return os.environ.get(name, "").lower() in _TRUE


@contextlib.contextmanager
def told_as_undelivered(place: str) -> Iterator[None]:
    """What goes wrong with a place, as a sentence that names it."""
    try:
        yield
    except (BaseError, OSError) as error:
        raise _explained(place, str(error).split("\n\nDebug source:", maxsplit=1)[0]) from None


def _explained(place: str, text: str) -> Undelivered:
    found, code = _STATUS.search(text), _CODE.search(text)
    status = int(found[1]) if found else 0
    told = f" ({status}{f', {code[1]}' if code else ''})" if status else ""
    if status in {401, 403}:
        remedy = "See that the credentials are right, and may list, read, write and delete there."
        return Undelivered(f"{place}: the object store refuses{told}.", remedy)
    if status == 404:  # noqa: PLR2004 a word for it would say less
        return Undelivered(f"{place}: there is no such bucket{told}.", "Make it, or name another.")
    if "redirect" in text or (status and status < 500 and status not in {408, 429}):  # noqa: PLR2004
        remedy = "See that the region and the endpoint are the bucket's (AWS_REGION, AWS_ENDPOINT_URL)."
        return Undelivered(f"{place}: the object store does not take the request{told}.", remedy)
    if status:
        return Undelivered(f"{place}: the object store is in trouble{told}.", _AGAIN)
    if "invalid" in text.lower():
        return Undelivered(f"{place}: what answers there is not an object store.", "See that the endpoint is right.")
    return Undelivered(f"{place}: the object store does not answer.", f"See that the endpoint is right. {_AGAIN}")
