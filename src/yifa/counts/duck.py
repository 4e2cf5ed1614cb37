"""Ask DuckDB about a SQLite file; run as a program of its own: `python duck.py FILE SQL` (see `audit`)."""

import marshal
import sys

import duckdb
from duckdb_extensions import import_extension


def ask(file: str, sql: str) -> list[tuple]:
    """The rows of a query over the file, attached for reading as `record`."""
    quoted = file.replace("'", "''")
    with duckdb.connect() as duck:
        import_extension("sqlite", con=duck)
        duck.execute("LOAD sqlite")
        duck.execute(f"ATTACH '{quoted}' AS record (TYPE sqlite, READ_ONLY)")
        return duck.execute(sql).fetchall()


if __name__ == "__main__":
    sys.stdout.buffer.write(marshal.dumps(ask(sys.argv[1], sys.argv[2])))
