"""See README.md, then directories.py."""
