"""Chapter 二（一）: decisions taken lawfully and with those they concern."""
