"""From a message to a mail, and over to a mail server."""

from __future__ import annotations

import logging
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

from campus.outbox.models import Message
from campus.settings import LOOPBACK, Settings
from campus.web.characters import one_line, visible

SECONDS_TO_WAIT = 10.0
PORTS = {"smtp": 25, "smtps": 465}
SUBMISSION_PORT = 587  # where one signs in

log = logging.getLogger(__name__)


class Sender(Protocol):
    """Takes a mail away, or raises."""

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail over; returning means that somebody else answers for it now."""


@dataclass(slots=True)
class MemorySender:
    """Keeps mails, for tests."""

    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, mail: EmailMessage) -> None:
        """Keep it."""
        self.sent.append(mail)


class SmtpSender:
    """Talks to the mail server of a URL, a conversation for each mail.

    `smtps` is encrypted from the start. `smtp` is encrypted where the server offers it, and
    must be before a password is sent; on this machine itself it need not be.
    """

    def __init__(self, url: str, *, host: str, patience: float = SECONDS_TO_WAIT) -> None:
        parts = urlsplit(url)
        self._scheme = parts.scheme
        self._server = parts.hostname or ""
        self._name = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        usual = SUBMISSION_PORT if self._name and parts.scheme == "smtp" else PORTS[parts.scheme]
        self._port = parts.port or usual
        self._patience = patience  # seconds for each answer
        self._host = host or "localhost"  # what we call ourselves; asking the DNS can take long

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail over, or raise what went wrong."""
        server = self._connected()
        try:
            self._sign_in(server)
            server.send_message(mail)
            self._part(server)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        tls = ssl.create_default_context()
        if self._scheme == "smtps":
            return smtplib.SMTP_SSL(
                self._server,
                self._port,
                local_hostname=self._host,
                timeout=self._patience,
                context=tls,
            )
        server = smtplib.SMTP(
            self._server, self._port, local_hostname=self._host, timeout=self._patience
        )
        server.ehlo()
        if self._server not in LOOPBACK and server.has_extn("starttls"):
            server.starttls(context=tls)
        return server

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if not self._name:
            return
        if self._server not in LOOPBACK and not isinstance(server.sock, ssl.SSLSocket):
            raise smtplib.SMTPNotSupportedError(
                "the mail server offers no encryption, so the password was not sent"
            )
        server.login(self._name, self._password)

    def _part(self, server: smtplib.SMTP) -> None:
        try:
            server.quit()
        except (smtplib.SMTPException, OSError) as error:
            # The server has the mail already: it must not be sent again for a rude goodbye.
            log.debug("the mail server left without a word: %s", type(error).__name__)


def sender_for(settings: Settings) -> Sender | None:
    """Return what takes mails away, or None where no mail server was named."""
    if not settings.mail_url:
        return None
    return SmtpSender(settings.mail_url, host=settings.host)


def composed(message: Message, *, settings: Settings, now: datetime) -> EmailMessage:
    """Return the mail for a message: the same Message-ID however often it is made.

    Raises:
        ValueError: the recipient is no address.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(settings.name), addr_spec=settings.mail_from)
    mail["To"] = _address(message.recipient)
    mail["Reply-To"] = Address(addr_spec=settings.mail_from)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<outbox-{message.id}@{settings.host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    mail.set_content(visible(message.text))
    if message.html:
        mail.add_alternative(visible(message.html), subtype="html")
    if message.calendar:
        _add_calendar(mail, message.calendar)
    return mail


def words_for(error: Exception) -> str:
    """Return what staff need to know of a failure."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"{code} {_decoded(said)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _address(recipient: str) -> Address:
    try:
        return Address(addr_spec=recipient)
    except (ValueError, LookupError, MessageError) as error:
        raise ValueError("the recipient is no e-mail address") from error


def _decoded(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


def _add_calendar(mail: EmailMessage, calendar: str) -> None:
    """Add the calendar twice, as mail programs want it: the last alternative, and a file."""
    method = _method_of(calendar)
    mail.add_alternative(
        calendar,
        subtype="calendar",
        cte="base64",
        params={"method": method, "component": "VEVENT"},
    )
    name = "cancel.ics" if method == "CANCEL" else "invite.ics"
    mail.add_attachment(calendar.encode(), maintype="application", subtype="ics", filename=name)


def _method_of(calendar: str) -> str:
    """Return the METHOD, which stands in the head, before anything that people wrote."""
    _, _, rest = calendar.partition("\r\nMETHOD:")
    return rest.partition("\r\n")[0]
