"""The law an enforcement certificate rests on."""

from yifa.law import statute

henan = statute("henan-enforcement-regulation")
