"""What is on file about papers: how far each series of numbers has come, and which paper each entry issued.

The text of a paper is not here: it is sealed beside its ledger entry and can be destroyed with the person's key.
"""

from django.db import models


class Series(models.Model):
    """How far the numbers of one office, series and year have come; moved only by `numbers.take`."""

    pk = models.CompositePrimaryKey("office", "series", "year")
    office = models.TextField("机关")
    series = models.TextField("文号种类")
    year = models.IntegerField("年份")
    last = models.IntegerField("最后编号")

    class Meta:
        db_table = "papers_series"
        verbose_name = verbose_name_plural = "文号"

    def __str__(self) -> str:
        return f"{self.office} {self.series}〔{self.year}〕{self.last}"


class Paper(models.Model):
    """One issued paper; written by the kernel in the transaction of the entry that issued it."""

    entry_id = models.BigIntegerField("留痕编号", primary_key=True)
    case_id = models.BigIntegerField("案件", db_index=True)
    key = models.TextField("文书")
    number = models.TextField("文号", blank=True, default="")
    office = models.TextField("机关")
    series = models.TextField("文号种类", blank=True, default="")
    year = models.IntegerField("年份")
    n = models.IntegerField("编号", null=True)  # a paper without 文号, such as a receipt, has none
    sha = models.CharField("指纹", max_length=64)
    issued_on = models.DateField("成文日期")

    class Meta:
        db_table = "papers_paper"
        verbose_name = verbose_name_plural = "文书"
        constraints = [
            models.UniqueConstraint(fields=("office", "series", "year", "n"), name="papers_paper_number"),
        ]

    def __str__(self) -> str:
        return self.number or self.key
