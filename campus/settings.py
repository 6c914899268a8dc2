"""What can be set, read once from the environment; every mistake is told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
WEAK_KEYS = {
    "", "dev", "secret", "changeme", "change-me", "you-will-never-guess", "secret-key", "test",
    "mysecretkey", "hard to guess string", "development key", "flask-insecure", "password",
    "_5#y2L\"F4Q8z\\n\\xec]/", "super-secret",
}  # fmt: skip
SHORTEST_KEY = 32
KNOWN_LANGUAGES = ("nl", "en")
DATA_DIR = Path("instance")
RUN_FILE = "run.lock"  # of the data folder: held by `campus run`, says where it serves
OWN_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d{1,5}")


class SettingsError(Exception):
    """One or more settings are wrong; the message has a line for each."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator chooses. Each field is `CAMPUS_<NAME>` in the environment."""

    # Signs cookies and forms; at least 32 random characters. `campus run` writes one for itself.
    secret_key: str
    # Where the data is: an SQLite file or a PostgreSQL server (several hosts allowed).
    database_url: str = "sqlite:///instance/campus.sqlite3"
    # The address people type; links in mails begin with it.
    base_url: str = "http://127.0.0.1:8000"
    # The campus's name, on every page and mail.
    name: str = "Noorderkwartier"
    # Where the campus is, under its name on pages and as the place in calendars.
    address: str = "Kwartierlaan 1, Groningen"
    # Zone whose days and hours the campus lives by.
    zone: str = "Europe/Amsterdam"
    # Languages of the pages, the first is the default.
    languages: tuple[str, ...] = KNOWN_LANGUAGES
    # smtp://[name:password@]host[:port] or smtps://…; unset: mails wait in the outbox.
    mail_url: str = ""
    # Sender of mails.
    mail_from: str = "campus@localhost"
    # How many proxies in front may be believed about address and scheme.
    trusted_proxies: int = 0
    # Uploads and other files of this campus.
    data_dir: Path = DATA_DIR
    # Folder of pg_dump and pg_restore for backups; unset: they are looked for.
    pg_bin: str = ""
    # Send feeds packed to programs that can unpack them: on or off.
    feeds_gzip: bool = True
    # Password of the demo log-ins.
    demo_password: str = "noorderlicht-2026"  # noqa: S105 - public, and only in a demo

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read `CAMPUS_*`; a value may also stand in the file that `CAMPUS_<NAME>_FILE` names.

        Raises:
            SettingsError: one line for each mistake.
        """
        mistakes: list[str] = []
        values: dict[str, Any] = {}
        for name in (field.name for field in fields(cls)):
            raw = _raw(environ, f"CAMPUS_{name.upper()}", mistakes)
            if raw is not None:
                _parse(name, raw, into=values, mistakes=mistakes)
        if "base_url" not in values and (address := _served_at(values, mistakes)):
            values["base_url"] = address
        told = {_name_in(mistake).removesuffix("_FILE") for mistake in mistakes}
        settings = cls(**{"secret_key": "", **values})
        mistakes += [one for one in mistakes_in(settings) if _name_in(one) not in told]
        if mistakes:
            raise SettingsError("\n".join(mistakes))
        return settings

    @property
    def is_https(self) -> bool:
        """Whether people reach the campus over TLS."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host name of the base address."""
        return urlsplit(self.base_url).hostname or ""


def _raw(environ: Mapping[str, str], key: str, mistakes: list[str]) -> str | None:
    file = environ.get(f"{key}_FILE")
    if file is None:
        return environ.get(key)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        mistakes.append(f"{key}_FILE: {file} cannot be read ({error.strerror}).")
        return None


def _served_at(values: Mapping[str, Any], mistakes: list[str]) -> str | None:
    """Return the address at which `campus run` serves or last served this data."""
    file: Path = values.get("data_dir", DATA_DIR) / RUN_FILE
    try:
        said = file.read_text(encoding="utf-8") if file.exists() else ""
    except OSError as error:
        mistakes.append(f"CAMPUS_DATA_DIR: {file} cannot be read ({error.strerror}).")
        return None
    return said if OWN_ADDRESS.fullmatch(said) else None


def _languages(raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def _address(raw: str) -> str:
    return raw.rstrip("/")


def _switch(raw: str) -> bool:
    said = raw.strip().lower()
    if said not in {"on", "off"}:
        raise ValueError(said)
    return said == "on"


PARSERS: dict[str, Callable[[str], Any]] = {
    "trusted_proxies": int,
    "data_dir": Path,
    "languages": _languages,
    "base_url": _address,
    "feeds_gzip": _switch,
}
WANTED = {"feeds_gzip": "on or off"}  # instead of a whole number


def _parse(name: str, raw: str, *, into: dict[str, Any], mistakes: list[str]) -> None:
    try:
        into[name] = PARSERS.get(name, str)(raw)
    except ValueError:
        wanted = WANTED.get(name, "a whole number")
        mistakes.append(f"CAMPUS_{name.upper()}: {raw!r} is not {wanted}.")


def _name_in(mistake: str) -> str:
    return mistake.partition(":")[0]


def mistakes_in(settings: Settings) -> list[str]:
    """Return a sentence for everything that is wrong with `settings`."""
    checks = (
        _key_mistake, _address_mistake, _database_mistake, _proxies_mistake, _zone_mistake,
        _language_mistake, _mail_mistake, _sender_mistake,
    )  # fmt: skip
    found = [check(settings) for check in checks]
    return [mistake for mistake in found if mistake is not None]


def _key_mistake(settings: Settings) -> str | None:
    if settings.secret_key.lower() in WEAK_KEYS or len(settings.secret_key) < SHORTEST_KEY:
        return (
            "CAMPUS_SECRET_KEY: set it to at least 32 random characters, for instance from "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )
    return None


def _address_mistake(settings: Settings) -> str | None:
    parts = _parts(settings.base_url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        return f"CAMPUS_BASE_URL: {settings.base_url!r} is not an address like https://campus.example."
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        return "CAMPUS_BASE_URL: only this machine itself may be http; use https for others."
    return None


def _database_mistake(settings: Settings) -> str | None:
    if not settings.database_url.startswith(
        ("sqlite:///", "postgresql://", "postgresql+psycopg://")
    ):
        return "CAMPUS_DATABASE_URL: it begins with sqlite:/// or postgresql://."
    return None


def _proxies_mistake(settings: Settings) -> str | None:
    if settings.trusted_proxies < 0:
        return "CAMPUS_TRUSTED_PROXIES: it is 0 or more."
    return None


def _zone_mistake(settings: Settings) -> str | None:
    try:
        ZoneInfo(settings.zone)
    except (KeyError, ValueError, OSError):
        return f"CAMPUS_ZONE: {settings.zone!r} is no time zone; use a name like Europe/Amsterdam."
    return None


def _language_mistake(settings: Settings) -> str | None:
    if not settings.languages or set(settings.languages) - set(KNOWN_LANGUAGES):
        return "CAMPUS_LANGUAGES: choose from nl and en, for instance nl,en."
    return None


def _mail_mistake(settings: Settings) -> str | None:
    parts = _parts(settings.mail_url)
    is_mail = parts is not None and parts.scheme in {"smtp", "smtps"} and parts.hostname
    if settings.mail_url and not is_mail:
        return "CAMPUS_MAIL_URL: it looks like smtp://host:25 or smtps://name:password@host."
    return None


def _sender_mistake(settings: Settings) -> str | None:
    if "@" not in settings.mail_from:
        return "CAMPUS_MAIL_FROM: it is an e-mail address."
    return None


def _parts(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # such as a bracket that is never closed
        return None
