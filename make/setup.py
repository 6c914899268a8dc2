"""Makes `.venv` and installs campus in it from the lock file; does nothing when that is done.

Called by make, with "run" or "test": what is to be installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
LOCKS = {"run": Path("requirements.txt"), "test": Path("requirements-test.txt")}
NO_VENV = """\
This Python ({python}) cannot make a virtual environment: its module {missing} is missing.
On Debian and Ubuntu: apt install python3-venv. Then run make again."""
NO_INSTALL = """\
Installing failed; the lines above say why. Most often the package index cannot be reached.
Nothing else was changed; run make again when it can."""


def main(purpose: str) -> int:
    """Return 0 when `.venv` holds what `purpose` needs."""
    with one_at_a_time():
        if is_installed(purpose):
            return 0
        try:
            make_venv()
            install(purpose)
        except (SetupError, OSError) as error:
            print(error, file=sys.stderr)
            return 1
    return 0


class SetupError(Exception):
    """A sentence about what is missing."""


class one_at_a_time:  # noqa: N801 - reads as the statement it is
    """Holds the checkout's folder, so that a second make waits; ends with the process."""

    def __enter__(self) -> None:
        self.folder = os.open(".", os.O_RDONLY)
        try:
            fcntl.flock(self.folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is installing here; waiting for it.")
            fcntl.flock(self.folder, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self.folder)


def wanted(purpose: str) -> str:
    """Return what an installation for `purpose` is made of, as one digest."""
    parts = [str(Path.cwd()).encode()]
    parts += [
        path.read_bytes()
        for path in (LOCKS[purpose], Path("pyproject.toml"), Path("hatch_build.py"))
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp(purpose: str) -> Path:
    """Return the file that says what was installed for `purpose`."""
    return VENV / f"campus-{purpose}.txt"


def is_installed(purpose: str) -> bool:
    """Whether the environment works and holds all of `purpose`; the tests' holds the run's too."""
    return PYTHON.exists() and any(
        stamp(name).exists() and stamp(name).read_text() == wanted(name)
        for name in {purpose, "test"}
    )


def make_venv() -> None:
    """Make `.venv`, or make it anew when its Python is gone or it was made in another folder."""
    for module in ("venv", "ensurepip"):
        try:
            __import__(module)
        except ImportError:
            raise SetupError(NO_VENV.format(python=sys.executable, missing=module)) from None
    made_here = VENV / "campus-folder.txt"
    if PYTHON.exists() and made_here.exists() and made_here.read_text() == str(Path.cwd()):
        return
    print(f"Making {VENV} with Python {sys.version.split()[0]}.", flush=True)
    clear = ["--clear"] if made_here.exists() or not PYTHON.exists() else []
    made = subprocess.run(
        [sys.executable, "-m", "venv", *clear, str(VENV)], capture_output=True, text=True
    )
    if made.returncode:
        raise SetupError(f"{VENV} could not be made: {(made.stderr or made.stdout).strip()}")
    made_here.write_text(str(Path.cwd()))


def install(purpose: str) -> None:
    """Install what the lock names, each file checked against its hash, then campus itself."""
    print("Installing from the lock file; the first time this takes a while.", flush=True)
    for path in VENV.glob("campus-*.txt"):
        if path.name != "campus-folder.txt":
            path.unlink()
    pip("--require-hashes", "-r", str(LOCKS[purpose]))
    pip("--no-deps", "--no-build-isolation", "-e", ".")
    stamp(purpose).write_text(wanted(purpose))


def pip(*arguments: str) -> None:
    """Run pip quietly; what goes wrong is printed by pip itself."""
    options = ["-qq", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([str(PYTHON), "-m", "pip", "install", *options, *arguments]).returncode:
        raise SetupError(NO_INSTALL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
