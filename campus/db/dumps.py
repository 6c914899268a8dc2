"""PostgreSQL's own programs: which ones fit the server, what they are told, what they said."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine

from campus.errors import CampusError

NOT_ALLOWED = "42501"
DEBIAN = Path("/usr/lib/postgresql")  # one folder a version, not on PATH
VERSION = re.compile(r"(\d+)(?:\.\d+)*")
NOISE = re.compile(r"^pg_(?:dump|restore): (?:error: |warning: )?")
# How to reach a server, in words that programs of PostgreSQL 15 know: the driver's own library is
# newer, and says more. `options` is not among them: campus's limits are no limits for a copy.
OPTIONS = {
    "application_name", "channel_binding", "client_encoding", "connect_timeout", "dbname",
    "gssencmode", "hostaddr", "keepalives", "keepalives_count", "keepalives_idle",
    "keepalives_interval", "krbsrvname", "passfile", "service", "ssl_max_protocol_version",
    "ssl_min_protocol_version", "sslcert", "sslcrl", "sslcrldir", "sslkey", "sslmode",
    "sslpassword", "sslrootcert", "sslsni", "target_session_attrs", "tcp_user_timeout", "user",
}  # fmt: skip
PATIENT = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"


@contextmanager
def snapshot(engine: Engine) -> Iterator[tuple[Connection, str]]:
    """Yield a connection that sees one moment only, and the name others can see it by."""
    with engine.connect() as connection:
        seen = connection.execution_options(isolation_level="REPEATABLE READ")
        with seen.begin():
            seen.exec_driver_sql(PATIENT)
            yield seen, str(seen.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())


def dump(connection: Connection, to: Path, *, snapshot: str, programs: str) -> str:
    """Dump what a snapshot shows into a file; return the program that did.

    Raises:
        CampusError: there is no program for this server, or it failed.
    """
    program, version = program_for("pg_dump", connection, programs=programs)
    with _told(connection, beside=to) as where:
        _run(
            [
                str(program), "--format=custom", "--compress=0", "--no-owner", "--no-privileges",
                f"--snapshot={snapshot}", f"--file={to}", *where,
            ]
        )  # fmt: skip
    return f"pg_dump {version}"


def fill(engine: Engine, url: str, copy: Path, *, programs: str) -> None:
    """Restore a dump into the database at `url`, in one transaction.

    Raises:
        CampusError: there is no program for this server, or it failed.
    """
    target = create_engine(url)
    try:
        with target.connect() as connection:
            program, _ = program_for("pg_restore", connection, programs=programs)
            with _told(connection, beside=copy) as where:
                _run(
                    [
                        str(program), "--single-transaction", "--exit-on-error", "--no-owner",
                        "--no-privileges", "--no-comments", *where, str(copy),
                    ]
                )  # fmt: skip
    finally:
        target.dispose()


def program_for(name: str, connection: Connection, *, programs: str) -> tuple[Path, str]:
    """Return the program and its version: as new as the server, or newer.

    Args:
        programs: the folder to take it from; empty: the PATH, and where Debian keeps them.

    Raises:
        CampusError: there is none, or none that is new enough.
    """
    server: int = _info(connection).server_version // 10_000
    found = [(path, _version_of(path)) for path in _candidates(name, programs)]
    fit = [(path, version) for path, version in found if _major(version) >= server]
    if fit:
        return fit[0]
    way = (
        f"Install PostgreSQL's client programs of version {server}"
        f" (Debian: apt install postgresql-client-{server}),"
        " or name their folder in CAMPUS_PG_BIN."
    )
    if not found:
        raise CampusError(f"{name} is not installed here, and the copy needs it. {way}")
    newest = max((version for _, version in found), key=_major)
    raise CampusError(f"{name} {newest} is older than the server, which is {server}. {way}")


def _candidates(name: str, programs: str) -> list[Path]:
    if programs:
        return [path for path in [Path(programs) / name] if path.is_file()]
    on_path = shutil.which(name)
    kept = sorted(DEBIAN.glob(f"*/bin/{name}"), reverse=True)
    return ([Path(on_path)] if on_path else []) + kept


def _version_of(program: Path) -> str:
    try:
        said = subprocess.run(  # noqa: S603 - a program that the operator installed
            [str(program), "--version"], capture_output=True, text=True, check=False, timeout=30
        ).stdout
    except OSError:
        return "0"
    found = VERSION.search(said)
    return found[0] if found else "0"


def _major(version: str) -> int:
    return int(version.partition(".")[0])


@contextmanager
def _told(connection: Connection, *, beside: Path) -> Iterator[list[str]]:
    """Yield the arguments that lead to the database of a connection.

    The password stands in a file of our own for that long, never among the arguments: those
    everybody on the machine can read.
    """
    info = _info(connection)
    told = {name: value for name, value in info.get_parameters().items() if name in OPTIONS}
    words = {**told, "host": info.host, "port": str(info.port)}
    passfile = beside.with_name(f".{beside.name}-pass")
    try:
        if info.password:
            passfile.touch(mode=0o600)
            secret = re.sub(r"([\\:])", r"\\\1", info.password)
            passfile.write_text(f"*:*:*:*:{secret}\n", encoding="utf-8")
            words["passfile"] = str(passfile)
        conninfo = " ".join(f"{name}={_quoted(value)}" for name, value in words.items())
        yield ["--no-password", f"--dbname={conninfo}"]
    finally:
        passfile.unlink(missing_ok=True)


def _quoted(value: str) -> str:
    return "'" + re.sub(r"(['\\])", r"\\\1", value) + "'"


def _info(connection: Connection) -> Any:
    driver: Any = connection.connection.driver_connection
    return driver.info


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, no shell
        command, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        lines = [NOISE.sub("", line) for line in done.stderr.splitlines() if line.strip()]
        said = lines[0] if lines else f"it ended with {done.returncode}"
        name = Path(command[0]).name
        raise CampusError(f"{name} failed, and nothing was changed: {said.rstrip('.')}.")
