class PrintingFailed(Exception):
    """The paper could not be set in time; what it says is safe, and it can be tried again."""
