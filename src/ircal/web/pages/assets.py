"""Style sheet and script: our own, in the package, under an address that holds the hash of what it serves.

So a browser may keep them for a year, and another edition of ircal has other addresses.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.requests import Request

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_FOR_A_YEAR = {"cache-control": "public, max-age=31536000, immutable"}


class Assets:
    """The files of the package's folder `assets`, and those that are made of the programme, by their addresses.

    All of these begin with `root`.
    """

    def __init__(self, root: str = "") -> None:
        self._root = root
        self._addresses: dict[str, str] = {}
        self._served: dict[str, bytes] = {}
        for file in files("ircal.web.pages").joinpath("assets").iterdir():
            if file.name.rpartition(".")[2] in _TYPES:
                self.put(file.name, file.read_bytes())

    def put(self, name: str, content: bytes) -> str:
        """Serve content under that name; its address. What had the name before is served no more."""
        stem, _, ending = name.rpartition(".")
        address = f"{self._root}/assets/{stem}-{hashlib.sha256(content).hexdigest()[:16]}.{ending}"
        if self._addresses.get(name) != address:
            former = self._addresses.get(name, "")
            self._served[address] = content
            self._addresses[name] = address
            self._served.pop(former, None)
        return address

    def address(self, name: str) -> str:
        """The address of a file."""
        return self._addresses[name]

    def answer(self, request: Request) -> Response:
        """The file of an address."""
        content = self._served.get(request.url.path)
        if content is None:
            raise HTTPException(404)
        return Response(content, media_type=_TYPES[request.url.path.rpartition(".")[2]], headers=_FOR_A_YEAR)
