"""Places: where an edition of the feeds is published. A folder, or a prefix of an object store's bucket.

A place is named by one text, as on the command line: the path of a folder, `file:///srv/feeds`, `s3://bucket/prefix`,
`gs://bucket/prefix` or `az://container/prefix`. That text ends up in logs and in the shell's history, so that
credentials in it are refused; who we are is told by the environment (`object_store`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from ircal.errors import PublishError
from ircal.publish.folder import Published, publish_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
"""Two letters at least: one is a drive."""

_PATH = re.compile(r"(/?[A-Za-z0-9._~+=@-]+)*/?")
_WHERE = "Name a folder, or a place such as s3://bucket/prefix, gs://bucket/prefix or az://container/prefix."


@dataclass(frozen=True, slots=True)
class Edition:
    """What is published at once: the feeds (`<calendar id>.ics`) and the `index.json` that names exactly them.

    `program` is the programme's id, and `public` names the files that anybody may have.
    """

    program: str
    files: Mapping[str, bytes]
    public: frozenset[str]


class Place(Protocol):
    """Somewhere to publish to."""

    @property
    def open_to_all(self) -> bool:
        """Whether it must be taken to be: names there can be guessed, and a bucket behind a CDN has no door."""

    def look(self) -> None:
        """See that it is there and that we may use it, before work is put into what goes there. Raises PublishError."""

    def publish(self, edition: Edition) -> Published:
        """Make it hold this edition, and nothing of ours besides. Raises PublishError, and can then be tried again."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder; who may read it is a matter of its rights."""

    path: Path
    open_to_all: bool = False

    def look(self) -> None:
        """Nothing to see: it is made when it is not there, and publishing begins by looking for what is in the way."""

    def publish(self, edition: Edition) -> Published:
        """The edition as files."""
        return publish_folder(self.path, edition.files)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How objects are written: for how long a reader may keep one (seconds), how often a request is sent.

    `machine_identity`: whether the cloud may be asked who this machine is, where the environment has no credentials.
    """

    max_age: int = 300
    attempts: int = 5
    machine_identity: bool = False


def place_at(text: str, delivery: Delivery) -> Place:
    """The place that a text names; nothing is read or sent. Raises PublishError, without a secret, if it names none."""
    scheme = _SCHEME.match(text)
    if scheme is None:
        return Folder(Path(text))
    parts = _parts(text, scheme[1].lower())
    if parts.scheme == "file":
        return Folder(Path(unquote(parts.path)))
    from ircal.publish.bucket import Bucket  # noqa: PLC0415 a folder needs no client of three clouds
    from ircal.publish.object_store import open_bucket  # noqa: PLC0415

    address = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    return Bucket(address, open_bucket(address, delivery), delivery.max_age)


def _parts(text: str, scheme: str) -> SplitResult:
    if scheme not in {"file", "s3", "gs", "az"}:
        raise PublishError(f"ircal cannot publish to an address that begins with {scheme}:", _WHERE)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise PublishError(f"What is given after {scheme}: is not an address.", _WHERE) from None
    if "@" in parts.netloc or parts.query or parts.fragment:
        remedy = "Give them in the environment (AWS_..., GOOGLE_..., AZURE_...): docs/how-to/publish.md."
        raise PublishError(f"An address that begins with {scheme}: must not hold credentials or options.", remedy)
    local = scheme == "file"
    known = parts.netloc in {"", "localhost"} if local else re.fullmatch(r"[a-z0-9][a-z0-9._-]*", parts.netloc)
    if not known or not parts.path.startswith("/" if local else ("/", "")) or not _clean(parts.path, local=local):
        raise PublishError(f"{text} is not an address that ircal can publish to.", _WHERE)
    return parts


def _clean(path: str, *, local: bool) -> bool:
    return local or (_PATH.fullmatch(path) is not None and not {".", ".."} & set(path.split("/")))
