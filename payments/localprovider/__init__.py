"""A payment provider for development, tests and the demo shop.

It runs as a process of its own, keeps its state in one SQLite file and speaks enough of
Stripe's API for the official ``stripe`` library to talk to it unchanged. No money moves.
It imports nothing of the shop, so that it stays as foreign to it as the real provider is.
"""
