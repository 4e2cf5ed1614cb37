"""Prohibited content: rule packs as data, the sense of a sentence, three engines with the same findings."""
