"""The shop's processes: an embedded PostgreSQL and Redis, and everything `make run` starts.

Nothing here imports Django: the supervisor is small, starts at once, and knows the database's
address before the settings ask for it.
"""
