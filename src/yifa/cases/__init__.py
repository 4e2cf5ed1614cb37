"""Procedures running in a database: one door in (`act`), one page out (`read`).

Everything here but the ledger's own tables can be rebuilt from the ledger; `rebuild` does, and compares.
Import from the modules: `kernel` (act, act_many, check), `read`, `sweep`, `rebuild`.
"""
