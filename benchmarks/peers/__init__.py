"""Who takes part in `benchmarks.transition`: the same circle of seven states, walked by the door and by its peers.

Each is a process of its own (`python -m benchmarks.peers NAME …`), since their Django settings would not agree in one.
"""
