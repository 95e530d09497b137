"""In the processes that the emulator starts for functions: the product's clock is that of the test, a file's offset.

Python imports this module by itself where its folder is in PYTHONPATH. Nothing in the package knows of it.
"""
import importlib.abc
import importlib.util
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

NAME = "chalicelib.kernel.now"


def now():
    """Return the test's present: aware, UTC, whole seconds."""
    file = Path(os.environ["EMULATOR_CLOCK"])
    ahead = int(file.read_text()) if file.exists() else 0
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=ahead)  # noqa: TID251 (a test's clock)


class Finder(importlib.abc.MetaPathFinder):
    """Lets the product's module be loaded as it is, and then gives it the other clock."""

    def find_spec(self, fullname, path, target=None):
        if fullname != NAME:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            module.now = now
        spec.loader.exec_module = exec_module
        return spec


if "EMULATOR_CLOCK" in os.environ:
    sys.meta_path.insert(0, Finder())
