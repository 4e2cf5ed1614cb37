"""The law that warnings rest on."""

from yifa.law import statute

act = statute("emergency-law", "2024-06-28")
weather = statute("meteorological-disaster-regulation")
henan = statute("henan-meteorological-disaster-regulation")
flood = statute("flood-regulation")
personal = statute("personal-information-law")
