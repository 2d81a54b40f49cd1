"""Which build of Baton this is."""

import platform
from importlib.metadata import version
from typing import Final

from prometheus_client import Info

VERSION: Final = version("baton")

BUILD: Final = Info("baton_build", "Which version of Baton this process runs, on which Python; always 1.")
BUILD.info({"version": VERSION, "python": platform.python_version()})
