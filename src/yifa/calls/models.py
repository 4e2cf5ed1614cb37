"""The delivery table, which is the queue: who is being called, on which rung, and what every try came to.

Moments are whole milliseconds since 1970, UTC: both databases compare them as they are.
"""

from django.db import models


class CallOut(models.Model):
    """One message to many people. `ladder`: as JSON, as it stood; `drill`: an exercise, kept apart from every figure.

    `hours`: when people may be called, as `hours.read` reads it; "" for any time.
    """

    label = models.TextField()
    text = models.TextField()
    subject = models.TextField(default="")
    ladder = models.TextField()
    drill = models.BooleanField(default=False)
    office = models.TextField()
    case_id = models.BigIntegerField(null=True)
    begun = models.BigIntegerField()
    by = models.TextField()
    hours = models.TextField(default="")

    class Meta:
        db_table = "calls_callout"
        indexes = (models.Index(fields=["case_id"], name="callout_of"),)

    def __str__(self) -> str:
        return self.label


class Rung(models.Model):
    """A rung of a call-out's ladder, so that one statement can move everybody up. The last row has no channel: a person's."""

    callout_id = models.BigIntegerField()
    n = models.IntegerField()
    channel = models.TextField()
    whom = models.TextField()
    tries = models.IntegerField()
    apart = models.BigIntegerField()
    within = models.BigIntegerField()

    class Meta:
        db_table = "calls_rung"
        constraints = (models.UniqueConstraint(fields=["callout_id", "n"], name="rung_once"),)

    def __str__(self) -> str:
        return f"{self.callout_id}/{self.n}"


class Calling(models.Model):
    """One person's calling. `addresses`: JSON, by whom (SELF, SUBSTITUTE, SUPERIOR) and channel.

    `claimed_until`: a sender has it in hand until then. `next`: when something is due; empty when it has ended or lies
    with a person. `about`: JSON of what the calling is for, to whoever began it; `collected`: when what became of it was
    entered on the record, for those call-outs whose callings are entered one by one.
    """

    callout_id = models.BigIntegerField()
    name = models.TextField()
    office = models.TextField(default="")
    addresses = models.TextField()
    rung = models.IntegerField(default=0)
    tries = models.IntegerField(default=0)
    since = models.BigIntegerField()
    next = models.BigIntegerField(null=True)
    claimed_by = models.TextField(default="")
    claimed_until = models.BigIntegerField(default=0)
    end = models.CharField(max_length=8, default="")  # ANSWERED, HANDED, GIVEN_UP
    ended = models.BigIntegerField(null=True)
    by = models.TextField(default="")
    why = models.TextField(default="")
    about = models.TextField(default="")
    collected = models.BigIntegerField(null=True)

    class Meta:
        db_table = "calls_calling"
        indexes = (
            models.Index(
                fields=["callout_id"],
                name="calling_over",
                condition=models.Q(next__isnull=True, collected__isnull=True),
            ),
            models.Index(fields=["next", "id"], name="calling_due", condition=models.Q(next__isnull=False)),
            models.Index(fields=["callout_id", "end"], name="calling_of"),
        )

    def __str__(self) -> str:
        return self.name


class Cursor(models.Model):
    """How far a channel has told its news: handed in again when a sender starts."""

    channel = models.CharField(max_length=64, primary_key=True)
    after = models.TextField()

    class Meta:
        db_table = "calls_cursor"

    def __str__(self) -> str:
        return self.channel


class Try(models.Model):
    """One try under its key, and the last that was confirmed of it."""

    key = models.CharField(max_length=64, primary_key=True)
    calling_id = models.BigIntegerField()
    rung = models.IntegerField()
    channel = models.TextField()
    to = models.TextField()
    at = models.BigIntegerField()
    news = models.CharField(max_length=10)
    news_at = models.BigIntegerField()
    said = models.TextField(default="")
    detail = models.TextField(default="")
    outcome = models.TextField(default="")  # what a talk came to, as JSON

    class Meta:
        db_table = "calls_try"
        indexes = (models.Index(fields=["calling_id"], name="try_of"),)

    def __str__(self) -> str:
        return self.key
