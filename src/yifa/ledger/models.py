"""The ledger's tables. Entries and checkpoints are never changed: the database itself refuses."""

from django.db import models


class Entry(models.Model):
    """One thing that happened. `body` is canonical JSON; `hash` is taken of `prev` and `body`."""

    case_id = models.BigIntegerField()
    seq = models.IntegerField()
    algo = models.CharField(max_length=10)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    body = models.TextField()

    class Meta:
        db_table = "ledger_entry"
        constraints = (models.UniqueConstraint(fields=["case_id", "seq"], name="entry_once"),)

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq}"


class Key(models.Model):
    """The key of a case's sealed facts, wrapped; its row is what erasing destroys."""

    case_id = models.BigIntegerField(primary_key=True)
    wrapped = models.BinaryField()

    class Meta:
        db_table = "ledger_key"

    def __str__(self) -> str:
        return f"key of case {self.case_id}"


class Sealed(models.Model):
    """One sealed fact of an entry."""

    entry_id = models.BigIntegerField()
    name = models.TextField()
    salt = models.BinaryField()
    box = models.BinaryField()

    class Meta:
        db_table = "ledger_sealed"
        constraints = (models.UniqueConstraint(fields=["entry_id", "name"], name="sealed_once"),)

    def __str__(self) -> str:
        return f"{self.entry_id} {self.name}"


class Checkpoint(models.Model):
    """The Merkle root over all entries up to `last_entry`, made at a day's end (RFC 9162 §2.1)."""

    day = models.DateField(unique=True)
    size = models.BigIntegerField()
    last_entry = models.BigIntegerField()
    root = models.CharField(max_length=64)
    algo = models.CharField(max_length=10, default="sha256")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_checkpoint"

    def __str__(self) -> str:
        return f"{self.day} {self.size} {self.root[:12]}"
