class TooManyViews(Exception):
    """Somebody keeps so many views that the list would be all tabs."""
