"""People's names, written as their owners write them."""

import re

FAMILY_FIRST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def name_shown(first: str, last: str) -> str:
    """``Mei Lin``, but 林梅: names in Chinese, Japanese and Korean script begin with the family."""
    if FAMILY_FIRST.fullmatch(first) and FAMILY_FIRST.fullmatch(last):
        return f"{last}{first}"
    return f"{first} {last}".strip()
