"""See README.md, then procedure.py."""
