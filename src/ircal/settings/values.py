"""What the values of settings may be: each function returns the value as it is kept, or says what is wrong with it.

They raise ValueError, whose text is told behind the variable's name; none of it shows a secret.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

if TYPE_CHECKING:
    from pathlib import Path


_LONGEST_URL = 120
_SHORTEST_SECRET = 32
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")


def is_loopback(host: str) -> bool:
    """Whether an address or name is only reachable from the same machine."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761, 6.3
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _web_address(text: str) -> SplitResult:
    """The parts of an http(s) address that names a host and nothing after its path."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError("its host or its port cannot be read") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("this is not a web address; it begins with https://")
    if parts.username is not None:
        raise ValueError("a web address must not hold a name or a password")
    if parts.query or parts.fragment:
        raise ValueError("a web address ends with its path, without `?` or `#`")
    return parts


def api_root_of(text: str) -> str:
    parts = _web_address(text)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("an access token would travel in clear over http; use https")
    return text.rstrip("/")


def public_url_of(text: str) -> str:
    _web_address(text)
    if len(text) > _LONGEST_URL:
        raise ValueError(f"it is longer than {_LONGEST_URL} characters, and feed addresses are to stay below 200")
    return text.rstrip("/")


def networks(text: str) -> str:
    """Addresses and networks, each checked, joined by commas."""
    return ",".join(_network(part.strip()) for part in text.split(","))


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise ValueError(f"`{text}` is no address and no network; a network has zeros at its end") from None


def database_url_of(secret: SecretStr) -> SecretStr:
    scheme, mark, _ = secret.get_secret_value().partition("://")
    if scheme == "postgres":
        raise ValueError("write postgresql:// where it says postgres://")
    if not mark or scheme not in _DATABASES:
        raise ValueError("this is not the address of a database; it begins with sqlite:/// or postgresql://")
    return secret


def folder_of_database(path: Path) -> Path:
    if "?" in str(path):  # what follows it would be options of the database's address
        raise ValueError("a folder with a `?` in its name cannot hold the database")
    return path


def argon2_hash(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().startswith("$argon2"):
        raise ValueError("this is not a hash; `ircal admin hash-password` makes one (in a shell, quote it with ' ')")
    return secret


def addresses(secret: SecretStr) -> tuple[str, ...]:
    return tuple(part.strip() for part in secret.get_secret_value().split(","))


def hashes_in(secret: SecretStr) -> dict[str, str]:
    """Hashes by the name that stands before each."""
    named = (part.partition("=") for part in secret.get_secret_value().split())
    return {name: value for name, _, value in named}


def named_hashes(secret: SecretStr) -> SecretStr:
    """Hashes of passwords, each with a name before it."""
    for name, value in hashes_in(secret).items():
        if not name or "$" in name:
            raise ValueError("each is a programme's name, `=`, and a hash; spaces stand between them")
        argon2_hash(SecretStr(value))
    return secret


def receivers(secret: SecretStr) -> SecretStr:
    """Addresses to which something is sent, each of them a secret."""
    for address in addresses(secret):
        try:
            parts = urlsplit(address)
            safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        except ValueError:
            safe = False
        if not safe or not parts.hostname:
            raise ValueError("each address begins with https://, and commas stand between them")
    return secret


def long_secret(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < _SHORTEST_SECRET:
        raise ValueError(f"it is shorter than {_SHORTEST_SECRET} characters")
    return secret


def header_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,60}", text):
        raise ValueError("this is not the name of a header")
    return text


def users(text: str) -> str:
    users = [part.strip() for part in text.split(",")]
    if not all(users):
        raise ValueError("a name between two commas is empty")
    return ",".join(users)


def lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value
