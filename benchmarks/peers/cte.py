"""The limit on PostgreSQL: psycopg, one read, then one statement that moves the case and writes its hashed trace."""

from __future__ import annotations

import psycopg

from .contest import GENESIS, ROLE, STATES, Contestant, Ground, allowed, body_of, chained

TABLES = """
CREATE TABLE case_ (id bigint PRIMARY KEY, state text NOT NULL, seq int NOT NULL, head text NOT NULL);
CREATE TABLE event (id bigserial PRIMARY KEY, case_id bigint NOT NULL REFERENCES case_, seq int NOT NULL,
  prev text NOT NULL, hash text NOT NULL, body text NOT NULL, UNIQUE (case_id, seq));
"""
READ = "SELECT state, seq, head FROM case_ WHERE id = %s"
MOVE = """
WITH moved AS (UPDATE case_ SET state = %s, seq = %s, head = %s WHERE id = %s AND seq = %s RETURNING id)
INSERT INTO event (case_id, seq, prev, hash, body) SELECT id, %s, %s, %s, %s FROM moved
"""


class Cte(Contestant):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.roles = frozenset({ROLE})
        self.db = psycopg.connect(ground.postgres, autocommit=True)
        if ground.make:
            self.db.execute(TABLES)
            with self.db.cursor().copy("COPY case_ (id, state, seq, head) FROM STDIN") as copy:
                for n in range(1, ground.cases + 1):
                    copy.write_row((n, STATES[0], 0, GENESIS))

    def act(self, case: int, n: int) -> None:
        found = self.db.execute(READ, (case,)).fetchone()
        assert found is not None
        state, seq, head = found
        after = allowed(state, n, self.roles)
        body = body_of(case, seq + 1, n)
        hash = chained(head, body)
        moved = self.db.execute(MOVE, (after, seq + 1, hash, case, seq, seq + 1, head, hash, body))
        assert moved.rowcount == 1
