"""Chapter 一: what the heads of Party and government do for the rule of law."""
