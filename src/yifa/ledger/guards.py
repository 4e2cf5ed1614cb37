"""The database's own refusal to change what was recorded, whoever asks and through whatever program."""

from typing import Any

TABLES = {"ledger_entry": "台账只增不改", "ledger_checkpoint": "校验点只增不改"}

# INSERT OR REPLACE deletes what is in its way without asking SQLite's DELETE triggers.
_IN_THE_WAY = {
    "ledger_entry": "id = NEW.id OR case_id = NEW.case_id AND seq = NEW.seq",
    "ledger_checkpoint": "id = NEW.id OR day = NEW.day",
}

# An entry whose number lies before a checkpoint would not be under it. It can only come from a transaction that took
# its number and was overtaken; a unique violation is what a lost race looks like, so the writer takes it again.
_OVERTAKEN = """
CREATE FUNCTION ledger_overtaken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added
               WHERE id <= (SELECT last_entry FROM ledger_checkpoint ORDER BY size DESC LIMIT 1)) THEN
        RAISE EXCEPTION '记录编号已在校验点之前，请重新提交 [yifa.E309]' USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_overtaken AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_overtaken();
"""


def raised(vendor: str) -> list[str]:
    """The statements that put the refusals up."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{why} [yifa.E301]'); END"
            for table, why in TABLES.items()
            for act, when in (
                ("UPDATE", ""),
                ("DELETE", ""),
                ("INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {_IN_THE_WAY[table]})"),
            )
        ]
    refusals = [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{why} [yifa.E301]' USING ERRCODE = 'insufficient_privilege'; END $$;"
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        for table, why in TABLES.items()
    ]
    return [*refusals, _OVERTAKEN]


def lifted(vendor: str) -> list[str]:
    """The statements that take them down: for a migration backwards, and for tests that clear their tables."""
    if vendor == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {table}_no_{act}"
            for table in TABLES
            for act in ("update", "delete", "insert")
        ]
    refusals = [f"DROP FUNCTION IF EXISTS {table}_refuse() CASCADE" for table in TABLES]
    return [*refusals, "DROP FUNCTION IF EXISTS ledger_overtaken() CASCADE"]


def put_up(cursor: Any, vendor: str) -> None:
    for statement in (*lifted(vendor), *raised(vendor)):
        cursor.execute(statement)


def take_down(cursor: Any, vendor: str) -> None:
    for statement in lifted(vendor):
        cursor.execute(statement)
