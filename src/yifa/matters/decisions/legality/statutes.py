"""The law that a legality review rests on."""

from yifa.law import statute

organisation = statute("local-organisation-law")
business = statute("business-environment-regulation")
decision = statute("major-decision-regulation")
opinion = statute("legality-review-opinion")
