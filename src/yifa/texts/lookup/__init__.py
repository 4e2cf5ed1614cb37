"""Search: one analyser, an index that follows the ledger, what is found shown with its words marked."""
