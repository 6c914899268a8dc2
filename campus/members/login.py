"""Who is it? Flask-Security, and the Flask-Login below it, are wrapped here and nowhere else.

The library hashes passwords, signs the links that set one, and says who signed in. Its pages stay
switched off; ours are in `views.py`. Whether a cookie still counts is asked of our own table.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec

from flask import Flask, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security import utils as library
from flask_security.core import AnonymousUser
from sqlalchemy import update
from werkzeug.exceptions import Unauthorized

from campus import clock
from campus.db import db, unit_of_work
from campus.errors import CampusError, require
from campus.members import policy, queries, rules
from campus.members.models import Actor, LoginSession, Person, StaffRole
from campus.web.carry import carried_form as carried_form  # others find it here
from campus.web.carry import form_page as form_page

log = logging.getLogger(__name__)

SID = "sid"  # in the cookie: what our own table knows the session by
PERSON = "_user_id"  # in the cookie, by Flask-Login: the person's uniquifier
LIBRARY_LIMIT = 4096  # characters of a password that the library takes before it raises
RESET_WITHIN = timedelta(hours=1)
FIRST_WITHIN = timedelta(days=7)
# The same for everybody, or for whoever has the address.
NAMELESS = {
    "static",
    "health.healthz",
    "health.readyz",
    "pocket.manifest",
    "pocket.worker",
    "feed_files.read",
}
P = ParamSpec("P")

CONFIGURATION: dict[str, object] = {
    "PERMANENT_SESSION_LIFETIME": rules.IDLE_MEMBER,
    "SESSION_REFRESH_EACH_REQUEST": False,  # renewed with `last_seen_at`, not with every answer
    "SESSION_PROTECTION": None,  # believes X-Forwarded-For; our own table does the work
    "REMEMBER_COOKIE_REFRESH_EACH_REQUEST": False,
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__memory_cost": 19456,
        "argon2__rounds": 2,
        "argon2__parallelism": 1,
    },
    "SECURITY_PASSWORD_LENGTH_MIN": rules.SHORTEST_PASSWORD,
    "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
    "SECURITY_PASSWORD_COMPLEXITY_CHECKER": None,  # rules.password_mistake
    "SECURITY_PASSWORD_CHECK_BREACHED": None,  # asks a server of somebody else
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_REGISTERABLE": False,
    "SECURITY_CONFIRMABLE": False,
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_CHANGE_EMAIL": False,
    "SECURITY_TRACKABLE": True,
    "SECURITY_DATETIME_FACTORY": clock.now,
    "SECURITY_RESET_PASSWORD_WITHIN": RESET_WITHIN,
    "SECURITY_AUTO_LOGIN_AFTER_RESET": False,
    "SECURITY_TWO_FACTOR": False,
    "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {},
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": False,
    "SECURITY_WEBAUTHN": False,
    "SECURITY_FRESHNESS": timedelta(minutes=15),
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=5),
    "SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN": False,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_LOGOUT_CSRF": True,
    "SECURITY_UNIFIED_SIGNIN": False,
    "SECURITY_OAUTH_ENABLE": False,
    "SECURITY_PASSWORDLESS": False,
    "SECURITY_REFRESH_TOKEN": False,
    "SECURITY_REDIRECT_ALLOW_SUBDOMAINS": False,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_CLI_USERS_NAME": None,  # `campus people` does what its commands would
    "SECURITY_CLI_ROLES_NAME": None,
}


class SignInNeeded(Unauthorized):
    """Only a signed-in person can go on here."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What Flask-Login may know of the person: no row, so nothing is loaded behind our back."""

    fs_uniquifier: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what the cookie names the person by."""
        return self.fs_uniquifier


def init(app: Flask, *, rooms_now: Callable[[], Sequence[object]] = tuple) -> None:
    """Know who asks, before anything else happens.

    Args:
        rooms_now: what stands beside the sign-in form: things with `name`, `cells` of a strip and
            `words`, as anybody may see them. Slices above this one know.
    """
    app.config.update(CONFIGURATION)
    app.before_request(identify)
    app.jinja_env.globals["rooms_now"] = rooms_now
    app.context_processor(lambda: {"actor": current_actor()})
    datastore = SQLAlchemyUserDatastore(db, Person, StaffRole)  # type: ignore[arg-type]
    security = Security(app, datastore, register_blueprint=False)
    # There is no remember-me cookie; looking for one would make every answer vary by cookie.
    app.after_request_funcs[None].remove(security.login_manager._update_remember_cookie)
    with app.app_context():
        app.extensions["campus.nobodys_password"] = hashed(secrets.token_urlsafe())


# --- who asks ---------------------------------------------------------------------------------


def identify() -> None:
    """Find out who asks; at most one query, and none for what everybody may see."""
    g.actor, g.session_id = None, None
    g._login_user = AnonymousUser()  # type: ignore[no-untyped-call]  # else it is looked up
    if request.endpoint in NAMELESS or request.path.startswith("/api/") or not session.get(SID):
        return
    now = clock.now()
    found = queries.session_by_digest(rules.digest(session[SID]))
    if found is None or found.uniquifier != session.get(PERSON) or is_over(found, now=now):
        session.pop(SID)
        session.pop(PERSON, None)
        return
    g.actor, g.session_id = found.actor, found.id
    g._login_user = SignedIn(found.uniquifier)
    if now - found.last_seen_at >= rules.SEEN_EVERY and not is_poll():
        note_seen(found, now=now)


def is_over(found: queries.Session, *, now: datetime) -> bool:
    """Whether a session has reached one of its limits."""
    return rules.is_over(
        expires_at=found.expires_at,
        last_seen_at=found.last_seen_at,
        is_staff=found.actor.is_staff,
        now=now,
    )


def is_poll() -> bool:
    """Whether a page left open asks by itself: that does not keep its session alive."""
    return "X-Poll" in request.headers


def note_seen(found: queries.Session, *, now: datetime) -> None:
    """Write down that the session is in use, in a unit of work of its own.

    A page that only reads is shown also while the database cannot be written, and at once.
    """
    try:
        with unit_of_work(hurried=True):
            db.session.execute(
                update(LoginSession).where(LoginSession.id == found.id).values(last_seen_at=now)
            )
    except CampusError as error:
        log.info("a session's last use was not noted: %s", error)
    session.modified = True


def current_actor() -> Actor | None:
    """Return who asks, or None for a visitor."""
    found: Actor | None = g.get("actor")
    return found


def actor() -> Actor:
    """Return who asks.

    Raises:
        SignInNeeded: a visitor does; the answer leads to signing in and back.
    """
    found = current_actor()
    if found is None:
        raise SignInNeeded
    return found


def login_required(
    view: Callable[P, ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Let only signed-in people into a view."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        actor()
        return view(*args, **kwargs)

    return guarded


def require_staff() -> None:
    """Refuse who is not staff; for `blueprint.before_request`.

    Raises:
        Forbidden: somebody else is signed in. It is no secret that staff have pages.
    """
    require(policy.why_not_staff(actor()))


# --- a session begins and ends ----------------------------------------------------------------


def begin(person: Person, *, sid: str, is_staff: bool) -> None:
    """Sign this browser in, under a new session id; nothing of the old cookie stays."""
    session.clear()
    g.pop("csrf_token", None)
    library.login_user(person, authn_via=["password"])  # type: ignore[arg-type]
    session[SID] = sid
    session.permanent = not is_staff  # a staff browser forgets when it is closed


@contextmanager
def cookie_kept_on_failure() -> Iterator[None]:
    """Put the cookie back when signing in fails after all: it would name a session never saved."""
    before = dict(session)
    try:
        yield
    except BaseException:
        session.clear()
        session.update(before)
        g.pop("csrf_token", None)
        raise


def end() -> None:
    """Sign this browser out; the row in the table is the service's to delete."""
    library.logout_user()
    session.clear()


def new_sid() -> str:
    """Return what a cookie carries: 256 bits."""
    return secrets.token_urlsafe(32)


# --- passwords --------------------------------------------------------------------------------


def normalised(password: str) -> str:
    """Return a password in the form that is hashed, so that every keyboard writes it alike."""
    security: Security = current_app.extensions["security"]
    return security.password_util.normalize(password)


def hashed(password: str) -> str:
    """Return the hash to store of a password."""
    return str(library.hash_password(normalised(password)))


def is_right(password: str, stored: str | None) -> bool:
    """Whether a password is the stored one; does the same work when there is none."""
    nobodys: str = current_app.extensions["campus.nobodys_password"]
    typed = normalised(password)
    fits = len(typed.encode()) <= LIBRARY_LIMIT
    is_same = bool(library.verify_password(typed if fits else "", stored or nobodys))
    return is_same and fits and stored is not None


def reset_token(person: Person) -> str:
    """Return the secret part of a link that sets a password once: a new one makes it useless."""
    security: Security = current_app.extensions["security"]
    return str(security.reset_serializer.dumps([person.fs_uniquifier]))


def uniquifier_in(token: str, *, within: timedelta) -> str | None:
    """Return whom a link names; None when it is not ours or older than `within`."""
    is_expired, is_invalid, data = library.check_and_get_token_status(token, "reset", within)
    if is_expired or is_invalid or not data:
        return None
    return str(data[0])
