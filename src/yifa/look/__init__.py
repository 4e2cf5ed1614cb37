"""How things are written and drawn for people: pages' frames, fields, dates and numbers, charts, the English words."""
