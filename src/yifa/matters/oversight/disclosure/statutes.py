"""The law a disclosure application rests on."""

from yifa.law import statute

regulation = statute("disclosure-regulation")
fee_rules = statute("disclosure-fee-rules")
report_form = statute("disclosure-report-form")
reconsideration = statute("reconsideration-law", "2023-09-01")
