"""Publishing: the feeds as files, for a web server, object storage or a CDN to hand out.

place           what a text names: a folder or a bucket; the Edition that is published there
file            one file, replaced whole
folder          files, replaced whole
bucket          objects, told apart by what their metadata says
object_store    how a bucket is opened, and what its refusals mean
"""

from ircal.publish.file import write_file
from ircal.publish.folder import Published, publish_folder
from ircal.publish.place import Delivery, Edition, Place, place_at

__all__ = ["Delivery", "Edition", "Place", "Published", "place_at", "publish_folder", "write_file"]
