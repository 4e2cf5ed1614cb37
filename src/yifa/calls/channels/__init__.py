"""The ways of reaching a person that speak TCP: text messages, group robots, mail, loudspeakers."""
