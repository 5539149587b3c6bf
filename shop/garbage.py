"""Python's collector of circular garbage, for processes that live long.

After the start hundreds of thousands of objects stay for good: modules, models, templates, addresses. Looked through
again and again they cost about three in a hundred of a request's time.
"""

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 20  # Python's own are 700, 10, 10


def settle() -> None:
    """What is loaded now stays for good; the collector looks at what comes later, and less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
