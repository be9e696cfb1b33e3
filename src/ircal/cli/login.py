"""`login`: a single user lets ircal write to their Google calendars."""

from __future__ import annotations

from pathlib import Path

import click

from ircal.cli import output
from ircal.cli.options import config_option, settings_of
from ircal.cli.parameters import Text
from ircal.wiring.google import google_calendars, login_file
from ircal.wiring.programmes import load_program


@click.command(epilog="Example: ircal login --client client_secret.json")
@config_option
@click.option("--client", type=Text(), metavar="FILE", required=True, help="The JSON of an OAuth client (Desktop app).")
def login(config: str | None, client: str) -> None:
    """Sign in to Google as yourself, where there is no service account.

    Your browser asks you whether ircal may see and change events; and whom calendars are shared with, if the programme
    says something of that. What comes of it is kept in the state folder, for
    its owner alone to read, and used by every command as long as no service account's key is set.
    """
    from ircal.google.auth import ACLS, SCOPE
    from ircal.google.login import log_in

    settings = settings_of(config)
    if settings.google.credentials_file:
        output.note("Note: IRCAL_GOOGLE__CREDENTIALS_FILE is set, and goes before what you sign in with.")
    file = login_file(settings)
    shares = any(calendar.share for calendar in google_calendars(load_program(settings)))
    log_in(Path(client), file, [SCOPE, ACLS] if shares else [SCOPE])
    output.say(f"Signed in. It is kept in {file}; delete that file to use it no more.")
