class AlreadyDecided(Exception):
    """Somebody was faster, or there is nothing to decide."""
