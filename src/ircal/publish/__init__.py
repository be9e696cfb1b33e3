"""Publishing: the feeds as files in a folder, for a web server or object storage to hand out."""

from ircal.publish.folder import Published, publish_folder

__all__ = ["Published", "publish_folder"]
