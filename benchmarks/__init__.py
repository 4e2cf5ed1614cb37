"""Measurements: each prints its own peer or limit in the same run, and the ratio."""
