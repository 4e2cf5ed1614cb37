"""The law that responding rests on."""

from yifa.law import statute

weather = statute("meteorological-disaster-regulation")
flood = statute("flood-regulation")
