"""The rules a study session of leading cadres rests on."""

from yifa.law import statute

duty = statute("first-responsibility-rules")
