"""Running PostgreSQL although we are root, which it refuses.

Two ways, tried in this order:

1. A user namespace in which root's files belong to user 1000: nothing changes owner, and the
   server has less power than root.
2. Where namespaces are off, or cannot reach the checkout (in somebody else's 0700 home): the
   account ``nobody``, which gets the data folder and the one capability to walk through closed
   folders.
"""

import os
import shutil
import subprocess
from pathlib import Path

from shop.env import WrongSettingError

NOBODY = 65534
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
ACCOUNT = (
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
    "--securebits=+no_setuid_fixup",  # or access(2), which initdb asks, forgets the capability
    "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override", "--",
)  # fmt: skip


def prefix_for(folder: Path, program: str) -> tuple[str, ...]:
    """What to put before a command that may not run as root; makes ``folder`` its own.

    Empty for an ordinary user. ``folder`` must exist, ``program`` is a file that must be reachable.
    """
    if os.geteuid() != 0:
        return ()
    reach = ("sh", "-c", 'test -x "$0" && test -w "$1"', program, str(folder))
    for prefix, owner in ((NAMESPACE, 0), (ACCOUNT, NOBODY)):
        if not shutil.which(prefix[0]):
            continue
        _give(folder, owner)
        if subprocess.run((*prefix, *reach), capture_output=True, check=False).returncode == 0:
            return prefix
    raise WrongSettingError(
        "PostgreSQL does not run as root, and neither a user namespace nor another account can be"
        " used here; run it as an ordinary user, or give DATABASE_URL."
    )


def _give(folder: Path, owner: int) -> None:
    """Hand the tree to ``owner`` unless it is theirs already."""
    if folder.stat().st_uid == owner:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner, owner, follow_symlinks=False)
