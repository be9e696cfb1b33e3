"""Notices: what ircal tells other programs, and through them people, when something has happened that they should know.

    notice      what there is to tell, as values
    shapes      how it is written: a CloudEvent, or a message for Slack
    sending     POSTing it to addresses, signed, again where that is worth it, and never in anybody's way

Which notices there are, and when: `ircal.service.noticing`. Nothing is imported here: the HTTP client takes a moment,
and most installations tell nobody.
"""
