"""The law that a fair competition review rests on."""

from yifa.law import statute

law = statute("fair-competition-regulation")
