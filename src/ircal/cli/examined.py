"""What `doctor` finds: a check, and the one of the webhook, the address at which Google would tell of changes.

Google tells of changes by https, to hosts that the whole world can reach, with a certificate that is valid (guide "Push
notifications"). Where that cannot be, nothing is lost but time: Google is asked every so often (polling).
"""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from ircal.errors import FeedUnreadable
from ircal.readback import fetch
from ircal.service.webhooks import GOOGLE

if TYPE_CHECKING:
    from collections.abc import Callable

State = Literal["well", "warning", "wrong", "away", "unknown"]

_OF_THIS_NETWORK = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home.arpa")

_POLLING = "so that Google is asked every so often instead of telling of changes"
_PUBLIC = "Set IRCAL_HTTP__PUBLIC_URL to the https address under which `ircal serve` is reached from outside."
_PROXY = "See that the proxy is running, that its certificate is valid, and that it leads to `ircal serve`."


@dataclass(frozen=True, slots=True)
class Check:
    """What one look found; `about` is a calendar's id, or what was looked at."""

    about: str
    state: State
    message: str
    remedy: str = ""


def webhook(url: str | None, ask: Callable[[str], bytes] = fetch) -> Check:
    """Whether Google can tell of changes at this public address, or why it will be polled; `ask` asks for an address.

    Where the address answers, that is known from here alone: what stands between Google and us, nobody here can see.
    """
    about = "webhook"
    if not url:
        return Check(about, "unknown", f"no public address is set, {_POLLING}.", _PUBLIC)
    if not url.startswith("https://"):
        return Check(about, "warning", f"{url} is not https, {_POLLING}.", _PUBLIC)
    if not is_public(urlsplit(url).hostname or ""):
        return Check(about, "warning", f"{url} is an address of this network, {_POLLING}.", _PUBLIC)
    try:
        answer = ask(f"{url}/healthz")
    except FeedUnreadable as error:  # also where it cannot be reached
        return Check(about, "wrong", error.message, _PROXY)
    if not _is_health(answer):
        return Check(about, "wrong", f"something else than ircal answers at {url}.", _PROXY)
    return Check(about, "well", f"ircal answers at {url} from here; Google can tell of changes at {url}{GOOGLE}.")


def is_public(host: str) -> bool:
    """Whether a host may be reached from everywhere, as far as its name or its address tells."""
    name = host.rstrip(".").lower()
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        return "." in name and not name.endswith(_OF_THIS_NETWORK)


def _is_health(answer: bytes) -> bool:
    try:
        told = json.loads(answer)
    except ValueError:
        return False
    return isinstance(told, dict) and {"status", "feeds"} <= told.keys()
