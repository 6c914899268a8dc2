"""Accounts: who may come in, their passwords and their sessions."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from campus.db import db, dialects
from campus.db.codes import new_code
from campus.errors import Conflict, RuleBroken, Text, text
from campus.journal import service as journal
from campus.members import login, mail, queries, rules
from campus.members.models import (
    CAMPUS_CODE,
    Attempt,
    AuthAttempt,
    Duty,
    LoginSession,
    Membership,
    Organisation,
    Person,
    Relation,
    Role,
    StaffRole,
)
from campus.outbox import service as outbox
from campus.outbox.models import Letter
from campus.web import mails
from campus.web.characters import one_line

UNKNOWN = "person:unknown"  # in the journal: an address that is nobody's


@dataclass(frozen=True, slots=True)
class Outcome:
    """How signing in went: a session, a wait, or neither."""

    sid: str = ""
    is_staff: bool = False
    wait: timedelta = rules.NO_WAIT


# --- signing in -------------------------------------------------------------------------------


def sign_in(attempt: Attempt, *, person: Person | None, is_right: bool, now: datetime) -> Outcome:
    """Begin a session, or count a failure.

    The wait is asked again under a lock, so that many guesses at once gain nothing: the right one
    among them is refused as well.
    """
    dialects.lock_name(db.session(), attempt.account)
    if wait := queries.wait_before(attempt, now=now):
        return Outcome(wait=wait)
    if person is None or not is_right or not person.active:
        _count(attempt, now=now)
        _note("person.sign_in_failed", person, by=None, now=now)
        return Outcome()
    _note("person.sign_in", person, now=now)
    return _session_of(person, attempt, now=now)


def sign_out(*, session_id: int, person: Person, now: datetime) -> None:
    """End one session, wherever its cookie has been copied to."""
    db.session.execute(delete(LoginSession).where(LoginSession.id == session_id))
    _note("person.sign_out", person, now=now)


def end_sessions(person: Person) -> None:
    """Sign a person out everywhere; links on their way that set a password die as well."""
    db.session.execute(delete(LoginSession).where(LoginSession.person_id == person.id))
    person.fs_uniquifier = secrets.token_hex(16)


def prune(*, now: datetime) -> None:
    """Delete sessions and failures that no longer mean anything."""
    idle = LoginSession.last_seen_at < now - rules.IDLE_MEMBER
    db.session.execute(delete(LoginSession).where(idle | (LoginSession.expires_at <= now)))
    db.session.execute(delete(AuthAttempt).where(AuthAttempt.at < now - rules.FORGOTTEN_AFTER))


def _session_of(person: Person, attempt: Attempt, *, now: datetime) -> Outcome:
    is_staff, sid = queries.actor_of(person).is_staff, login.new_sid()
    db.session.execute(delete(AuthAttempt).where(AuthAttempt.account == attempt.account))
    db.session.execute(delete(LoginSession).where(LoginSession.id == attempt.session_id))
    db.session.add(
        LoginSession(
            sid_digest=rules.digest(sid),
            person_id=person.id,
            created_at=now,
            last_seen_at=now,
            expires_at=rules.expires_at(is_staff=is_staff, now=now),
            browser=attempt.browser,
            network=attempt.place,
        )
    )
    db.session.flush()
    return Outcome(sid=sid, is_staff=is_staff)


def _count(attempt: Attempt, *, now: datetime) -> None:
    db.session.add(AuthAttempt(account=attempt.account, network=attempt.network, at=now))


def _note(verb: str, person: Person | None, *, now: datetime, by: int | None = 0) -> None:
    """Write into the journal; without `by` the person did it, with None nobody known."""
    actor_id = person.id if person and by == 0 else by
    subject = f"person:{person.code}" if person else UNKNOWN
    journal.record(actor_id=actor_id, verb=verb, subject=subject, now=now)


# --- passwords --------------------------------------------------------------------------------


def ask_reset(attempt: Attempt, *, email: str, now: datetime) -> None:
    """Send a link that sets a new password to whoever has this address.

    An address that is nobody's costs the same work, and every request counts against haste.
    """
    _count(attempt, now=now)
    person = queries.person_by_email(email)
    if person is not None and not person.active:
        person = None
    asked = person or Person(email=email, name="", language="", fs_uniquifier=login.new_sid())
    letter = mail.reset(asked, token=login.reset_token(asked))
    if person is not None:
        _send(letter, person, now=now)
    _note("person.ask_reset", person, by=None, now=now)


def set_password(person: Person, *, hashed: str, verb: str, now: datetime) -> None:
    """Give a person a new password, end every session, and tell them.

    Raises:
        Conflict: the same link, or another new password, was first.
    """
    had_one, after = person.password is not None, secrets.token_hex(16)
    changed = db.session.scalar(
        update(Person)
        .where(Person.id == person.id, Person.fs_uniquifier == person.fs_uniquifier)
        .values(password=hashed, fs_uniquifier=after)
        .returning(Person.id)
    )
    if changed is None:
        raise Conflict(text("This password was just changed somewhere else."))
    db.session.execute(delete(LoginSession).where(LoginSession.person_id == person.id))
    if had_one:
        _send(mail.changed(person), person, now=now)
    _note(verb, person, now=now)


def change_password(person: Person, attempt: Attempt, *, hashed: str, now: datetime) -> Outcome:
    """Give a signed-in person a new password; the session that asked goes on under a new id."""
    set_password(person, hashed=hashed, verb="person.change_password", now=now)
    return _session_of(person, attempt, now=now)


def refuse_change(person: Person, attempt: Attempt, *, now: datetime) -> None:
    """Count a wrong present password like a wrong sign-in."""
    _count(attempt, now=now)
    _note("person.change_password_failed", person, now=now)


def _send(letter: Letter, person: Person, *, now: datetime) -> None:
    about = f"person:{person.code}"
    outbox.enqueue(letter, about=about, dedupe_key=f"{about}:{new_code()}", now=now)


# --- first accounts ---------------------------------------------------------------------------


def add_organisation(
    name: str, *, code: str = "", relation: Relation = Relation.RESIDENT, now: datetime
) -> Organisation:
    """Add an organisation; without a code it gets one made of its name.

    The one with the code of the campus is the campus itself, whatever else was said.

    Raises:
        RuleBroken: the name is empty or the code is no code.
        Conflict: the code is taken.
    """
    name, code = one_line(name), code or rules.code_from(name)
    if not name:
        raise RuleBroken(text("Give the organisation a name."))
    if not rules.CODE.fullmatch(code):
        raise RuleBroken(
            text("A code has 1 to 40 small letters, digits and dashes, such as hunze-health.")
        )
    if code == CAMPUS_CODE:
        relation = Relation.CAMPUS
    organisation = Organisation(code=code, name=name, relation=relation, created_at=now)
    db.session.add(organisation)
    db.session.flush()
    journal.record(actor_id=None, verb="organisation.add", subject=f"organisation:{code}", now=now)
    return organisation


def invite(person: Person, *, organisation: Organisation, role: Role, now: datetime) -> str:
    """Make a person a member of an organisation.

    Returns:
        the secret of the link that sets the first password; "" for one who has a password.

    Raises:
        Conflict: the person belongs there already.
    """
    place = _place_in(organisation, person)
    if place and place.ended_at is None:
        raise Conflict(text("This person belongs to %(name)s already.", name=organisation.name))
    if place:
        place.role, place.ended_at = role, None
    else:
        person.memberships.append(Membership(organisation=organisation, role=role))
    _note("person.invite", person, by=None, now=now)
    return _first_link(person, organisation, now=now)


def create_staff(person: Person, *, duty: Duty, campus_name: str, now: datetime) -> str:
    """Give a person a duty at the campus, which has an organisation of its own.

    Returns, Raises: as `invite`; a person who has this duty already is refused.
    """
    if duty in {role.duty for role in person.duties}:
        raise Conflict(text("This person does that work already."))
    campus = queries.campus() or add_organisation(
        campus_name, code=CAMPUS_CODE, relation=Relation.CAMPUS, now=now
    )
    person.duties.append(StaffRole(duty=duty))
    if place := _place_in(campus, person):
        place.ended_at = None
    else:
        person.memberships.append(Membership(organisation=campus))
    end_sessions(person)  # staff sessions are shorter
    _note("person.create_staff", person, by=None, now=now)
    return _first_link(person, campus, now=now)


def _place_in(organisation: Organisation, person: Person) -> Membership | None:
    """Return a person's place in an organisation, ended or not."""
    places = {place.organisation: place for place in person.memberships}
    return places.get(organisation)


def account_for(email: str, *, name: str, language: str, now: datetime) -> Person:
    """Return the person with this address, or a new one who has no password yet.

    Raises:
        RuleBroken: that is no address.
    """
    email = email.strip().lower()
    if not rules.is_email(email):
        raise RuleBroken(text("%(email)s is not an e-mail address.", email=email))
    if person := queries.person_by_email(email):
        return person
    person = Person(
        email=email,
        name=one_line(name) or rules.name_from(email),
        language=language,
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    return person


def _first_link(person: Person, organisation: Organisation, *, now: datetime) -> str:
    if person.password is not None:
        return ""
    token = login.reset_token(person)
    if mails.settings().mail_url:  # else whoever asked hands the link over
        letter = mail.first(person, token=token, organisation=organisation.name)
        _send(letter, person, now=now)
    return token


# --- doctor -----------------------------------------------------------------------------------


def faults(now: datetime) -> list[Text]:
    """Return a sentence for everything about people that is not as it should be."""
    capitals = text(
        "The e-mail address of person %(code)s has capitals: nobody can sign in with it. Write it"
        " in small letters: UPDATE person SET email = lower(email) WHERE code = '%(code)s'."
    )
    outside = text(
        "Person %(code)s is staff, but does not belong to the campus's organisation. Invite them:"
        " campus people invite … --organisation campus."
    )
    return [
        Text(kind.msgid, {"code": code})
        for kind, codes in (
            (capitals, queries.people_with_capitals()),
            (outside, queries.staff_outside_campus()),
        )
        for code in codes
    ]
