"""One script for each version of the tables, as `ircal.store.migrations` says."""
