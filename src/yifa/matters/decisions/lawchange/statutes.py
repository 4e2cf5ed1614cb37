"""The rules the check of what cites an amended statute rests on."""

from yifa.law import statute

legislation = statute("legislation-law")
