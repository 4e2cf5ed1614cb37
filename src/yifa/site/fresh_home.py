"""A pytest plugin: tests never touch a county's data. Their home folder is a fresh one, gone afterwards.

It is loaded by `-p` in pyproject.toml, because Django's settings are read before any conftest.py.
"""

import atexit
import os
import shutil
import tempfile

HOME = tempfile.mkdtemp(prefix="yifa-tests-")
os.environ["YIFA_HOME"] = HOME
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
