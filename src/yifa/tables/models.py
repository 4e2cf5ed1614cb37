"""What was imported when and by whom, so that the same file, or the same row, is noticed when it comes again."""

from django.db import models


class Import(models.Model):
    """One import that was carried out. `copy` counts the times a person insisted on the same file again."""

    family = models.TextField()
    at = models.DateTimeField()
    person = models.BigIntegerField(null=True)
    post = models.TextField()
    office = models.TextField()
    filename = models.TextField()
    sheet = models.TextField()
    sha256 = models.CharField(max_length=64)
    copy = models.IntegerField(default=0)
    rows = models.IntegerField()
    acts = models.IntegerField()
    refused = models.IntegerField(default=0)

    class Meta:
        db_table = "tables_import"
        constraints = (models.UniqueConstraint(fields=["family", "sha256", "copy"], name="import_once"),)

    def __str__(self) -> str:
        return f"{self.family} {self.filename} {self.at:%Y-%m-%d}"


class ImportedRow(models.Model):
    """One imported row as a keyed digest of what it said; the words themselves are nowhere here."""

    family = models.TextField()
    identity = models.CharField(max_length=32)
    import_id = models.BigIntegerField()
    row = models.IntegerField()

    class Meta:
        db_table = "tables_row"
        indexes = (models.Index(fields=["identity"], name="row_identity"),)

    def __str__(self) -> str:
        return f"{self.family} {self.import_id}:{self.row}"
