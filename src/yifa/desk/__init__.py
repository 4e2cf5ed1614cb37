"""The official's pages, derived from the procedures: inbox, lists, the case, a form for every step."""
