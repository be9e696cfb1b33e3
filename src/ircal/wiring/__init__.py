"""Wiring: where the doors get their parts. The only place that knows which edge stands behind which protocol.

    programmes    the configuration, checked; what follows from it; where feeds are published
    google        what the Google calendars should say, and everything that it takes to ask Google something
    remembered    what is remembered in the store of one Google calendar

Nothing is decided here, and nothing imported: Google's client takes long, and only some commands need it.
"""
