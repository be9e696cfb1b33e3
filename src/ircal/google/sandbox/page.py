"""The sandbox's front page: what calendars there are and how many events, for a human who looks in."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from ircal.google.sandbox.model import Calendar

_STYLE = (
    ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}"
    "body{max-width:52rem;margin:3rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{padding:.4rem .6rem;text-align:left;border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent)}"
    "td:last-child,th:last-child{text-align:right;font-variant-numeric:tabular-nums}"
    "code{font-size:.85em;overflow-wrap:anywhere}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def front_page(calendars: Iterable[Calendar]) -> str:
    """The page; every text that came from a client is escaped."""
    rows = "\n".join(_row(calendar) for calendar in calendars)
    none = '<tr><td colspan="4">No calendars yet.</td></tr>'
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Calendar sandbox</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Calendar sandbox</h1>
<p>A local stand-in for the Google Calendar API. Nothing here leaves this machine, and nothing is kept.</p>
<table>
<thead><tr><th>Calendar</th><th>Id</th><th>Time zone</th><th>Events</th></tr></thead>
<tbody>
{rows or none}
</tbody>
</table>
</body>
</html>
"""


def _row(calendar: Calendar) -> str:
    count = sum(not calendar.is_cancelled(event) for event in calendar.events.values())
    summary, calendar_id, zone = (escape(text) for text in (calendar.summary, calendar.id, calendar.time_zone))
    return f"<tr><td>{summary}</td><td><code>{calendar_id}</code></td><td>{zone}</td><td>{count}</td></tr>"
