"""See README.md, then procedure.py (ratings) and callbacks.py."""
