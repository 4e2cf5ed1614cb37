"""What the desk itself remembers: which forms were sent, so that sending twice does nothing twice."""

from django.db import models


class Sent(models.Model):
    """A form that was carried out, by the token it came with, and the case it led to."""

    token = models.CharField(max_length=32, primary_key=True)
    case_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "desk_sent"

    def __str__(self) -> str:
        return self.token
