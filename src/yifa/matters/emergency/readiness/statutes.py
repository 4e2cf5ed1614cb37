"""The law that readiness rests on."""

from yifa.law import statute

flood = statute("flood-regulation")
weather = statute("meteorological-disaster-regulation")
geology = statute("geological-disaster-regulation")
