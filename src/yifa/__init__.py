"""Yifa 依法: the system of record for a county's rule-of-law work."""
