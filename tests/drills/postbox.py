"""A mail server to be killed: writes down who got which mail. python -m tests.drills.postbox."""

from __future__ import annotations

import os
import sys
import threading
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.drills.cluster import HOST


class Postbox:
    """Has a mail on the disk before it says so."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def handle_DATA(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail."""
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content)
        with self._file.open("a") as file:
            file.write(f"{mail['Message-ID']} {envelope.rcpt_tos[0]}\n")
            file.flush()
            os.fsync(file.fileno())
        return "250 OK"


if __name__ == "__main__":
    port, path = sys.argv[1:]
    Controller(Postbox(Path(path)), hostname=HOST, port=int(port)).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    threading.Event().wait()
