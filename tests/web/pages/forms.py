"""What a person does with a form: load the page it is on, and send it with what the page put into it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

FIELD = re.compile(r'name="form_token" value="([^"]+)"')


def token_on(page: httpx.Response) -> str:
    """The token of the first form of a page."""
    found = FIELD.search(page.text)
    assert found, page.text
    return unescape(found[1])


def sign_in(client: httpx.Client, password: str, going: str = "/") -> httpx.Response:
    """Load the form and send it."""
    token = token_on(client.get("/sign-in", params={"next": going}))
    return client.post("/sign-in", data={"form_token": token, "password": password, "next": going})
