"""Django's PostgreSQL, told apart from a dead one without asking it."""
