"""ircal makes every calendar say what the residency programme says."""

__version__ = "0.1.0"
