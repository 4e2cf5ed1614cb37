"""The desk's one table."""
