"""Citations: found in any text, resolved to an edition, and who is touched when an edition changes."""
