"""二（一）: decisions made according to law. Each folder is a matter."""
