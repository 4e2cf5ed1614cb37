"""A small matter of the tests: a draft is handed in, put right, and given an opinion."""
