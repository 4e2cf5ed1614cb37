"""The law that ratings and call-backs rest on."""

from yifa.law import statute

opinion = statute("service-rating-opinion")
personal = statute("personal-information-law")
