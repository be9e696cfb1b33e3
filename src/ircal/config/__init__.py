"""The configuration edge: a folder of YAML and CSV files becomes a Program, or the list of all that is wrong with it.

Nothing of the files but their meaning leaves this package: the floors below know values and Places. What a file may
hold is written for people in docs/reference/configuration.md, and for editors in `json_schema()`.
"""

from ircal.config.assemble import load
from ircal.config.folder import digest
from ircal.config.packing import Packed, load_packed, pack
from ircal.config.programmes import Programmes, programmes_in
from ircal.config.schema import json_schema

__all__ = ["Packed", "Programmes", "digest", "json_schema", "load", "load_packed", "pack", "programmes_in"]
