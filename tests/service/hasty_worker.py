"""`ircal worker` that waits a second for one that is gone, instead of ten: `python -m tests.service.hasty_worker`."""

from datetime import timedelta

from sqlalchemy import make_url

from ircal.accounts import google_account
from ircal.cli.stopping import stop_asked
from ircal.service import work
from ircal.service.queue.jobs import JobQueue
from ircal.settings import load_settings

if __name__ == "__main__":
    settings = load_settings()
    address = make_url(settings.store_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with stop_asked() as stop:
        work(
            settings,
            google_account,
            stop,
            queue=JobQueue(address, settings.workers, sweep_seconds=0.3, dead_seconds=1.0),
            lasts=timedelta(seconds=1),
        )
