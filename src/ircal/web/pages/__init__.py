"""The pages: what people look at, rendered here, readable without a script, with nothing from elsewhere.

    source       what they are given: the programme in force, people's links, the rules of this place
    front        of several programmes: which there are, and the way to the pages of each
    site         the application: every page, and what holds for all of them
    frame        the template around a page, who looks at it and what they may see, errors
    shield       headers, a limit for what is sent, the log
    session      who looks: signed cookies, tokens of forms; a proxy's word
    password     the argon2 hash; signing_in: the two pages that use it
    assets       style sheet and script under the hash of their content
    words        days and numbers as pages write them
    schedule, person   the pages themselves, each with its template

A page turns a request into a question to `ircal.views`, which is pure, and puts the answer into a template. It decides
nothing about the programme.
"""

from ircal.web.pages.front import Listed, Programmes, create_front
from ircal.web.pages.password import hash_password
from ircal.web.pages.site import create_pages
from ircal.web.pages.source import PageDoor, PageRules, PageSource, Proxy

__all__ = [
    "Listed",
    "PageDoor",
    "PageRules",
    "PageSource",
    "Programmes",
    "Proxy",
    "create_front",
    "create_pages",
    "hash_password",
]
