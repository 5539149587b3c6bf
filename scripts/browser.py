"""Run a command with the browser tests decided: with Chromium they run, without one a line says so.

BROWSER_TESTS is ``required`` in CI, where a missing browser is an error, else ``run`` or ``skip``.
CHROMIUM is the browser that was found, unless it was given.
"""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    required = os.environ.get("CI") == "true" or os.environ.get("BROWSER_TESTS") == "required"
    if required and not found:
        sys.exit("The browser tests are required here, but there is no Chromium on the PATH.")
    if not found:
        sys.stderr.write("Browser tests are skipped: there is no Chromium on the PATH.\n")
    decision = "required" if required else "run" if found else "skip"
    os.environ.update(BROWSER_TESTS=decision, CHROMIUM=found)
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - the Makefile's own command


if __name__ == "__main__":
    main()
