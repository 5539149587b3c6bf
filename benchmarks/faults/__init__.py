"""`make faults`: the open shop loses one part after the other while guests are buying.

What guests saw, how long it lasted and what `manage.py verify` says afterwards goes into docs/faults.md.
"""
