#!/usr/bin/env python
"""Storekeep's command line."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["up"]:  # starts the database that the settings need, so no Django yet
        from shop.runtime.cli import main as runtime

        return runtime(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
