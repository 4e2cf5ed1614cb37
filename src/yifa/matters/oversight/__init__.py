"""Chapter 二(八): power used in the open."""
