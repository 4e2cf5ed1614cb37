"""What can be found, and how far the index has come. All of it follows from the ledger and the texts at hand.

The index itself stands beside these tables and is no model: `texts_index` (FTS5) on SQLite, `texts_passage` on PostgreSQL.
"""

from django.db import models


class Document(models.Model):
    """One thing a search can find: an article, a case, a file of a case, something published."""

    kind = models.TextField()
    ref = models.TextField()  # unique in its kind
    case_id = models.BigIntegerField(null=True)
    family = models.TextField(default="")
    office = models.TextField(default="")
    day = models.DateField(null=True)
    ends = models.DateField(null=True)  # the last day in force
    about = models.TextField(default="{}")
    title = models.TextField()

    class Meta:
        db_table = "texts_document"
        constraints = (models.UniqueConstraint(fields=["kind", "ref"], name="document_once"),)
        indexes = (models.Index(fields=["case_id"], name="document_of_case"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Body(models.Model):
    """A document's text, by itself: whoever counts and sorts a thousand documents does not turn over their pages."""

    document_id = models.BigIntegerField(primary_key=True)
    body = models.TextField()

    class Meta:
        db_table = "texts_body"

    def __str__(self) -> str:
        return f"{self.document_id}"


class Mark(models.Model):
    """How far the index has come in something that it follows."""

    name = models.TextField(primary_key=True)
    value = models.TextField()

    class Meta:
        db_table = "texts_mark"

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
