"""The rows that make the ledger quick to read. Each can be rebuilt from it; see `rebuild`."""

from django.db import models


class Case(models.Model):
    """Where a case stands now."""

    family = models.TextField()
    edition = models.TextField()
    office = models.TextField()
    state = models.TextField()
    final = models.BooleanField(default=False)
    seq = models.IntegerField()
    head = models.CharField(max_length=64)
    number = models.TextField(default="")
    opened = models.DateField()
    changed_on = models.DateField()
    due = models.DateField(null=True)
    due_period = models.TextField(default="")
    standing = models.TextField()
    facts = models.TextField(default="{}")
    receipt = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "cases_case"
        indexes = (
            models.Index(fields=["family", "opened", "id"], name="case_list"),
            models.Index(fields=["office", "final", "due", "id"], name="case_inbox"),
            models.Index(fields=["receipt"], name="case_receipt", condition=~models.Q(receipt="")),
        )

    def __str__(self) -> str:
        return self.number or f"{self.family} #{self.pk}"


class Act(models.Model):
    """One act as the figures see it: corrections and withdrawals are already applied."""

    entry_id = models.BigAutoField(primary_key=True)  # the entry's; SQLite then needs no second index
    case_id = models.BigIntegerField()
    seq = models.IntegerField()
    family = models.TextField()
    step = models.TextField()
    on_date = models.DateField()
    month = models.IntegerField()
    office = models.TextField()
    dims = models.TextField(default="{}")
    amounts = models.TextField(default="{}")
    voided = models.BooleanField(default=False)

    class Meta:
        db_table = "cases_act"
        # By case they are found through the ledger, whose (case_id, seq) is unique: one index less to write.
        indexes = (models.Index(fields=["family", "step", "month", "entry_id"], name="act_cell"),)

    def __str__(self) -> str:
        return f"{self.family}.{self.step} {self.on_date}"


class Term(models.Model):
    """A period of a case: running, paused, met, or ended with the case."""

    case_id = models.BigIntegerField()
    period = models.TextField()
    start = models.DateField()
    due = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=5)  # run, pause, met, ended
    met_on = models.DateField(null=True)
    late = models.BooleanField(default=False)

    class Meta:
        db_table = "cases_term"
        constraints = (models.UniqueConstraint(fields=["case_id", "period"], name="term_once"),)
        indexes = (models.Index(fields=["period", "state", "due"], name="term_due"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.period} {self.state}"


class Cell(models.Model):
    """One cell of the cube: how often (measure n), or how much of a measure, at these coordinates."""

    family = models.TextField()
    step = models.TextField()
    month = models.IntegerField()  # yyyymm of the legal date
    office = models.TextField()
    dims = models.TextField(default="{}")
    measure = models.TextField(default="n")
    n = models.BigIntegerField(default=0)

    class Meta:
        db_table = "cases_cell"
        constraints = (
            models.UniqueConstraint(
                fields=["family", "step", "month", "office", "dims", "measure"], name="cell_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.family}.{self.step} {self.month} {self.office} {self.dims} {self.measure}={self.n}"


class Link(models.Model):
    """A case that grew out of another; the entry that said so."""

    from_case = models.BigIntegerField()
    to_case = models.BigIntegerField()
    kind = models.TextField(default="")
    entry_id = models.BigIntegerField()

    class Meta:
        db_table = "cases_link"
        constraints = (models.UniqueConstraint(fields=["from_case", "to_case", "kind"], name="link_once"),)

    def __str__(self) -> str:
        return f"{self.from_case} → {self.to_case} {self.kind}"
