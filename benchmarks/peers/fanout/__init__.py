"""Who takes part in `benchmarks.calls`: one message to many people, through Yifa's sender and through task queues.

Each is a process of its own (`python -m benchmarks.peers.fanout NAME GROUND`) with the workers it needs; all hand over to
the same gateway (`gateway.py`), a process too, and keep the same book of deliveries.
"""
