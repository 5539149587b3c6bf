"""Whole pages, rendered once and kept with holes: how a visitor costs no SQL.

A page of the catalogue is rendered as a stranger without any cookie would see it. While that happens
selectors say what it is made of (`depends`) and until when it holds (`until`). What differs between
visitors stands in *holes* (`shop.core.pagecache.holes`), filled for each request. A write drops the
pages of what it changed (`drop`). docs/pagecache.md tells the whole of it.
"""

from shop.core.pagecache.drops import SITE, drop, drop_families_of
from shop.core.pagecache.gather import depends, family_tags, until, visit, visits_register
from shop.core.pagecache.spec import Kept

__all__ = [
    "SITE",
    "Kept",
    "depends",
    "drop",
    "drop_families_of",
    "family_tags",
    "until",
    "visit",
    "visits_register",
]
