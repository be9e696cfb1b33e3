"""QR codes, drawn into the page: a phone's camera takes an address from the screen."""

from __future__ import annotations

from io import BytesIO

import segno
from markupsafe import Markup


def qr_code(address: str) -> Markup:
    """The code of an address as SVG, dark on light in light and dark mode, since cameras want that."""
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        nl=False,
        light="white",
        svgclass=None,
        lineclass=None,
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 segno's own drawing, of numbers alone
