"""The limit on SQLite: the driver, four statements, one row of trace with its hash, and a guarded update."""

from __future__ import annotations

from collections.abc import Sequence

from .contest import GENESIS, ROLE, STATES, Contestant, Ground, allowed, body_of, chained, sqlite_at

TABLES = """
CREATE TABLE case_ (id INTEGER PRIMARY KEY, state TEXT NOT NULL, seq INTEGER NOT NULL, head TEXT NOT NULL);
CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, case_id INTEGER NOT NULL REFERENCES case_,
  seq INTEGER NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (case_id, seq));
"""


class Raw(Contestant):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.roles = frozenset({ROLE})
        self.db = sqlite_at(ground)
        if ground.make:
            self.db.executescript(TABLES)
            fresh = [(n, STATES[0], 0, GENESIS) for n in range(1, ground.cases + 1)]
            self.db.execute("BEGIN")
            self.db.executemany("INSERT INTO case_ VALUES (?, ?, ?, ?)", fresh)
            self.db.execute("COMMIT")

    def act(self, case: int, n: int) -> None:
        self.acts([(case, n)])

    def acts(self, steps: Sequence[tuple[int, int]]) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            for case, n in steps:
                self._one(case, n)
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def _one(self, case: int, n: int) -> None:
        run = self.db.execute
        state, seq, head = run("SELECT state, seq, head FROM case_ WHERE id = ?", (case,)).fetchone()
        after = allowed(state, n, self.roles)
        body = body_of(case, seq + 1, n)
        hash = chained(head, body)
        run(
            "INSERT INTO event (case_id, seq, prev, hash, body) VALUES (?, ?, ?, ?, ?)",
            (case, seq + 1, head, hash, body),
        )
        moved = run(
            "UPDATE case_ SET state = ?, seq = ?, head = ? WHERE id = ? AND seq = ?",
            (after, seq + 1, hash, case, seq),
        )
        assert moved.rowcount == 1
