"""Logs for machines to read: one JSON object a line, without anything that opens a door."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

from gunicorn.glogging import Logger

HIDDEN = "***"
# In this order: what names itself, what is sent as a header, what stands in an address.
SECRETS = (
    re.compile(
        r"(?i)(?P<kept>\b(?:[\w-]*(?:token|passw(?:or)?d|secret[\w-]*|api_?key|csrf|cookie|session|sid|carry))"
        r"[\"']?\s*[=:]\s*[\"']?)[^\s\"'&;,<>]+"
    ),
    re.compile(r"(?i)(?P<kept>\b(?:bearer|basic|digest)\s+)[\w.~+/=-]{6,}"),
    re.compile(r"(?P<kept>\bDETAIL:\s+).+"),  # PostgreSQL shows the whole row it refuses
    re.compile(r"(?P<kept>://)[^/\s@]+(?=@)"),  # name and password of a server
    re.compile(
        r"(?P<kept>/(?:feeds|reset|reset-password|new-password|password|invitations?|confirm|join)/)"
        r"[^/\s\"'?#]{8,}"
    ),
    # What people wrote and whom they looked for, in an address or in one that an address holds.
    re.compile(
        r"(?i)(?P<kept>(?:^|[?&]|%3F|%26)(?:title|note|for|q|reason)(?:=|%3D))[^\s&#\"'<>]+"
    ),
    re.compile(r"(?P<kept>/)(?=[^/\s\"'?#]*[\d_])[A-Za-z0-9._~=+-]{32,}"),
)
ACCESS = (
    ("remote", "h"), ("method", "m"), ("path", "U"), ("query", "q"), ("status", "s"),
    ("bytes", "B"), ("microseconds", "D"), ("referrer", "f"), ("browser", "a"),
)  # fmt: skip


def masked(line: str) -> str:
    """Return a line without tokens, passwords and links that let somebody in."""
    for secret in SECRETS:
        line = secret.sub(rf"\g<kept>{HIDDEN}", line)
    return line


class JsonFormatter(logging.Formatter):
    """One line for each record, also when somebody put a line break into it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON; nothing in it can begin a new line."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if isinstance(record.args, dict) and record.name == "gunicorn.access":
            said |= {name: masked(str(record.args.get(key, ""))) for name, key in ACCESS}
            del said["message"]
        if record.exc_info:
            said["trace"] = masked(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=True)


def configure(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Write all logs of this process as JSON lines; called by the commands that serve or work."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)


class GunicornLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own logs, access log included, in the same form."""

    def setup(self, cfg: Any) -> None:
        """Set gunicorn's loggers up as it does, then change how their lines look."""
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            for handler in logger.handlers:
                handler.setFormatter(JsonFormatter())
