"""Near-duplicates: clauses that repeat or contradict others, by their signatures on three roads."""
