"""The law that inspections by random selection rest on."""

from yifa.law import statute

business = statute("business-environment-regulation")
penalty = statute("penalty-law")
henan = statute("henan-enforcement-regulation")
