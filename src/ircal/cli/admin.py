"""`admin`: what coordinators sign in to the pages with."""

from __future__ import annotations

import sys

import click

from ircal.cli import Sentences, output
from ircal.errors import IrcalError

_SHORTEST = 12


@click.group(cls=Sentences, epilog="Example: ircal admin hash-password")
def admin() -> None:
    """Make what coordinators sign in to the pages with."""


@admin.command("hash-password", epilog="Example: ircal admin hash-password < password.txt")
def hash_password() -> None:
    """Ask for a password and print its hash, the value of IRCAL_ADMIN__PASSWORD_HASH.

    The password is asked for twice, and shown nowhere; or it is one line of standard input. It is kept nowhere: only
    the hash is needed to sign in with it (argon2id). It has at least twelve characters; a few words are well.
    """
    password = _asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if len(password) < _SHORTEST:
        raise IrcalError(f"The password is shorter than {_SHORTEST} characters.", "A few words that nobody knows do.")
    from ircal.web.pages import hash_password as hashed

    output.say(hashed(password))


def _asked() -> str:
    found: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again", err=True)
    return found
