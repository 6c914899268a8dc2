"""From message to mail, and real conversations with a mail server."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import ssl
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.policy import default as reading
from typing import Any

import pytest
from aiosmtpd import smtp
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from campus.outbox import delivery
from campus.outbox.delivery import MemorySender, SmtpSender
from campus.outbox.models import Message
from campus.settings import Settings
from campus.web import ical
from campus.web.characters import one_line, visible
from campus.web.ical import Method
from tests.factories import NOW
from tests.web.test_ical import HOSTILE, PLAIN

SETTINGS = Settings(
    secret_key="k" * 40,
    base_url="https://campus.example",
    name="Noorderkwartier",
    mail_from="boekingen@campus.example",
)
HEADERS = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "Content-Language", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
}  # fmt: skip


def hang_up(server: smtp.SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class Postbox:
    """A mail server's reactions, and what reached it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        self.refuses_recipient = False
        self.drops = False
        self.known_senders: list[bool] = []

    async def handle_RCPT(  # noqa: N802 - named and called by aiosmtpd
        self, server: smtp.SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Take a recipient, or not."""
        if self.refuses_recipient:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: smtp.SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail, refuse it, or hang up."""
        if self.drops:
            hang_up(server)
            return "451 gone"
        self.known_senders.append(bool(session.authenticated))
        if isinstance(envelope.content, bytes) and self.answer.startswith("2"):
            self.mails.append(message_from_bytes(envelope.content, policy=reading))
        return self.answer


@pytest.fixture
def postbox() -> Postbox:
    """What the mail server does."""
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[Controller]:
    """A mail server on this machine."""
    yield from running(Controller(postbox, hostname="127.0.0.1", port=free_port()))


def running(controller: Controller) -> Iterator[Controller]:
    """Start a server on a free port, and stop it."""
    controller.start()
    yield controller
    controller.stop()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def sender_to(controller: Controller, *, before: str = "", patience: float = 5) -> SmtpSender:
    url = f"smtp://{before}127.0.0.1:{controller.port}"
    return SmtpSender(url, host="campus.example", patience=patience)


def message(**more: Any) -> Message:
    values: dict[str, Any] = {
        "id": 7,
        "recipient": "femke@terpdata.example",
        "language": "nl",
        "subject": "Geboekt: Bureau 1.32",
        "text": "Tot morgen – om negen.\n",
        "html": "<p>Tot morgen – om negen.</p>",
        "calendar": "",
    }
    return Message(**(values | more))


def mail(**more: Any) -> EmailMessage:
    return delivery.composed(message(**more), settings=SETTINGS, now=NOW)


def read(sent: EmailMessage) -> EmailMessage:
    found = message_from_bytes(sent.as_bytes(), policy=reading)
    assert isinstance(found, EmailMessage)
    return found


def test_a_mail_reaches_a_server_as_it_was_written(server: Controller, postbox: Postbox) -> None:
    sender_to(server).send(mail())

    (arrived,) = postbox.mails
    assert arrived["Subject"] == "Geboekt: Bureau 1.32"
    assert arrived["To"] == "femke@terpdata.example"
    assert arrived["From"] == "Noorderkwartier <boekingen@campus.example>"
    assert arrived["Message-ID"] == "<outbox-7@campus.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    plain, html = arrived.get_body(["plain"]), arrived.get_body(["html"])
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == "Tot morgen – om negen."
    assert html.get_content().strip() == "<p>Tot morgen – om negen.</p>"


def test_a_refused_recipient_is_a_failure_with_the_servers_words(
    server: Controller, postbox: Postbox
) -> None:
    postbox.refuses_recipient = True

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        sender_to(server).send(mail())

    assert delivery.words_for(refusal.value) == "550 no such mailbox"


def test_a_refused_mail_is_a_failure_with_the_servers_words(
    server: Controller, postbox: Postbox
) -> None:
    postbox.answer = "452 mailbox full"

    with pytest.raises(smtplib.SMTPDataError) as refusal:
        sender_to(server).send(mail())

    assert delivery.words_for(refusal.value) == "452 mailbox full"


def test_a_server_that_hangs_up_is_a_failure(server: Controller, postbox: Postbox) -> None:
    postbox.drops = True

    with pytest.raises(smtplib.SMTPServerDisconnected) as failure:
        sender_to(server).send(mail())

    assert delivery.words_for(failure.value).startswith("SMTPServerDisconnected: ")


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"smtp://127.0.0.1:{mute.getsockname()[1]}"

        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            SmtpSender(url, host="campus.example", patience=0.2).send(mail())


def test_a_server_that_is_not_there_is_a_failure() -> None:
    sender = SmtpSender(f"smtp://127.0.0.1:{free_port()}", host="campus.example")

    with pytest.raises(ConnectionRefusedError):
        sender.send(mail())


class RudeServer(smtp.SMTP):
    """Hangs up instead of saying goodbye."""

    async def smtp_QUIT(self, arg: str | None) -> None:  # noqa: N802 - named by aiosmtpd
        """Hang up."""
        hang_up(self)


class RudeController(Controller):
    """Runs a rude server."""

    def factory(self) -> smtp.SMTP:
        """Return the rude server."""
        return RudeServer(self.handler)


def test_a_mail_that_was_taken_is_sent_however_the_server_says_goodbye(postbox: Postbox) -> None:
    for server in running(RudeController(postbox, hostname="127.0.0.1", port=free_port())):
        sender_to(server).send(mail())

    assert len(postbox.mails) == 1


def knows_the_campus(
    server: smtp.SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    known = data.login == b"campus" and data.password == b"p@ss:word/"
    return AuthResult(success=known, handled=False)


@pytest.fixture
def locked_server(postbox: Postbox) -> Iterator[Controller]:
    """A mail server that knows a name and a password."""
    yield from running(
        Controller(
            postbox,
            hostname="127.0.0.1",
            port=free_port(),
            authenticator=knows_the_campus,
            auth_require_tls=False,
        )
    )


def test_name_and_password_of_the_url_are_used(
    locked_server: Controller, postbox: Postbox
) -> None:
    sender_to(locked_server, before="campus:p%40ss%3Aword%2F@").send(mail())

    assert postbox.known_senders == [True]


def test_a_wrong_password_is_a_failure_that_does_not_tell_the_password(
    locked_server: Controller, postbox: Postbox
) -> None:
    with pytest.raises(smtplib.SMTPAuthenticationError) as refusal:
        sender_to(locked_server, before="campus:wrong-password@").send(mail())

    assert "wrong-password" not in delivery.words_for(refusal.value)
    assert postbox.mails == []


def test_a_password_is_not_sent_in_the_clear(
    locked_server: Controller, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "LOOPBACK", set())  # as if the server were elsewhere

    with pytest.raises(smtplib.SMTPNotSupportedError, match="no encryption"):
        sender_to(locked_server, before="campus:p%40ss%3Aword%2F@").send(mail())

    assert postbox.mails == []


def test_an_encrypted_server_is_spoken_to_encrypted(server: Controller) -> None:
    url = f"smtps://127.0.0.1:{server.port}"

    with pytest.raises(ssl.SSLError):  # it answers in the clear, and we do not listen to that
        SmtpSender(url, host="campus.example", patience=2).send(mail())


def test_without_a_mail_server_there_is_no_sender() -> None:
    assert delivery.sender_for(SETTINGS) is None


def test_a_mail_url_makes_a_sender() -> None:
    settings = Settings(secret_key="k" * 40, mail_url="smtp://mail.example")

    assert isinstance(delivery.sender_for(settings), SmtpSender)


@given(st.text() | st.just("Hoi\r\nBcc: everyone@example.org\r\n\r\nbody\x00\u202e"))
def test_no_text_adds_a_header(text: str) -> None:
    arrived = read(mail(subject=text, text=text, html=text, language="nl"))

    assert set(arrived.keys()) <= HEADERS
    assert len(arrived.keys()) == len(set(arrived.keys()))
    assert one_line(str(arrived["Subject"])) == one_line(text)
    assert [one.addr_spec for one in arrived["To"].addresses] == ["femke@terpdata.example"]


@given(st.text())
def test_a_text_comes_out_as_it_went_in(text: str) -> None:
    arrived = read(mail(text=text, html="")).get_content()

    assert arrived.split() == visible(text).split()


@pytest.mark.parametrize(
    "recipient",
    ["", "nobody", "a@x.example, b@x.example", "a@x.example\r\nBcc: b@x.example", "a b@x.example"],
)
def test_what_is_no_single_address_is_refused(recipient: str) -> None:
    with pytest.raises(ValueError, match="no e-mail address"):
        mail(recipient=recipient)


def calendar(method: Method) -> str:
    return ical.calendar([ical.event(PLAIN)], method=method)


def test_a_calendar_is_the_last_alternative_and_a_file() -> None:
    text = calendar(Method.REQUEST)
    arrived = read(mail(calendar=text))

    shape = [part.get_content_type() for part in arrived.walk()]
    invitation = list(arrived.walk())[4]

    assert shape == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    assert invitation.get_param("method") == "REQUEST"
    assert invitation.get_param("component") == "VEVENT"
    assert invitation["Content-Transfer-Encoding"] == "base64"
    assert invitation.get_payload(decode=True) == text.encode()
    (file,) = arrived.iter_attachments()
    assert file.get_filename() == "invite.ics"
    assert file.get_content() == text.encode()


def test_the_method_of_the_mail_is_the_method_of_the_calendar() -> None:
    arrived = read(mail(calendar=calendar(Method.CANCEL)))

    (file,) = arrived.iter_attachments()

    assert list(arrived.walk())[4].get_param("method") == "CANCEL"
    assert file.get_filename() == "cancel.ics"
    assert Calendar.from_ical(file.get_content())["METHOD"] == "CANCEL"


def test_a_calendar_whose_title_is_hostile_asks_for_what_its_head_says() -> None:
    event = ical.event(ical.Occasion(
        uid="x@y", sequence=0, stamp=NOW, changed_at=NOW, period=PLAIN.period,
        summary=f"{HOSTILE}\r\nMETHOD:CANCEL", location="",
    ))  # fmt: skip

    arrived = read(mail(calendar=ical.calendar([event], method=Method.REQUEST)))

    assert list(arrived.walk())[4].get_param("method") == "REQUEST"


def test_the_same_message_always_has_the_same_message_id() -> None:
    assert mail()["Message-ID"] == mail(subject="again")["Message-ID"]


def test_lines_end_as_mail_servers_want_them() -> None:
    raw = mail(calendar=calendar(Method.REQUEST)).as_bytes(policy=SMTP)

    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_memory_keeps_what_it_is_given() -> None:
    sender = MemorySender()

    sender.send(mail())

    assert [sent["To"] for sent in sender.sent] == ["femke@terpdata.example"]
