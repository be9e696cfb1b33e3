"""Feeds and pages over HTTP: for phones that ask again and again whether anything has changed, and for people.

This package knows HTTP, and feeds as bytes. Where the feeds come from and whom a secret address belongs to is given to
it: a `FeedSource` and a `Door`. It knows no configuration, no store and no clock of its own. The pages are in
`ircal.web.pages`, which takes a while to import.
"""

from ircal.web.app import create_app
from ircal.web.config_hook import ConfigHook
from ircal.web.desk import SyncDesk
from ircal.web.feeds import Door, FeedSource, Opened
from ircal.web.google_hook import GoogleHook, Notification
from ircal.web.health import Health
from ircal.web.hooks import Hook
from ircal.web.limiter import WrongTries
from ircal.web.machines import Machine, MetricsPage, ReadyPage
from ircal.web.resource import FeedResource
from ircal.web.server import listen, make_server
from ircal.web.tokens import digest_of
from ircal.web.trial import Trier

__all__ = [
    "ConfigHook",
    "Door",
    "FeedResource",
    "FeedSource",
    "GoogleHook",
    "Health",
    "Hook",
    "Machine",
    "MetricsPage",
    "Notification",
    "Opened",
    "ReadyPage",
    "SyncDesk",
    "Trier",
    "WrongTries",
    "create_app",
    "digest_of",
    "listen",
    "make_server",
]
