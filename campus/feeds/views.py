"""Feeds as calendar programs fetch them, and the page where people get their addresses."""

from __future__ import annotations

import gzip
import logging
from datetime import datetime
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.http import is_resource_modified

from campus import clock
from campus.db import carry_out, unit_of_work
from campus.errors import CampusError, Forbidden, NotFound, RuleBroken, Text
from campus.feeds import pages, policy, queries, rules, schemas, service
from campus.feeds.calendar import Edition, render
from campus.feeds.forms import FeedForm, NameForm
from campus.feeds.models import Feed
from campus.feeds.service import Wanted
from campus.members.login import actor, login_required
from campus.web import mails

log = logging.getLogger(__name__)

feed_files = Blueprint("feed_files", __name__)
feeds = Blueprint("feeds", __name__, url_prefix="/<language:lang>/me/feeds")

LONGEST_TOKEN = 100
SHOWN_ONCE = "feed"  # in the session, from the answer that made an address to the next page
NOT_HERE = "There is no calendar at this address.\n"
GONE = "This address was withdrawn. Ask for a new one on the campus, under My campus.\n"


# --- for calendar programs --------------------------------------------------------------------


@feed_files.get("/feeds/<token>.ics")
def read(token: str) -> ResponseReturnValue:
    """Hand over a feed, or say that nothing has changed since it was fetched."""
    now = clock.now()
    found = queries.feed_by_digest(rules.digest_of(token[:LONGEST_TOKEN]))
    if found is None:
        return refused(NOT_HERE, HTTPStatus.NOT_FOUND)
    feed, owner = found.feed, found.owner
    if owner is None or policy.why_not_read(owner, feed) is not None:
        return refused(GONE, HTTPStatus.GONE)
    answer = answer_with(Edition(feed, owner, clock.today(now)))
    remember(feed, now=now)
    return answer


def answer_with(edition: Edition) -> Response:
    """Return the feed of this day, or 304; then no event is looked at."""
    tag, changed_at = edition.version()
    is_packed = mails.settings().feeds_gzip and request.accept_encodings.quality("gzip") > 0
    tag = f"{tag}-gz" if is_packed else tag
    asked = {name: value for name, value in request.environ.items() if name != "HTTP_IF_MATCH"}
    if not is_resource_modified(asked, etag=f'"{tag}"', last_modified=changed_at):
        answer = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        body = edition.body(events_of(edition))
        answer = packed(body) if is_packed else Response(body)
        answer.content_type = "text/calendar; charset=utf-8"
        answer.headers["Content-Disposition"] = 'inline; filename="campus.ics"'
    answer.set_etag(tag)
    answer.last_modified = changed_at
    return with_manners(answer)


def events_of(edition: Edition) -> list[str]:
    """Return the texts of a feed's events; those of an older program are written anew first."""
    found = edition.events()
    while queries.OUTDATED in found:
        with unit_of_work():
            for booking in edition.outdated():
                render(booking)
        found = edition.events()
    return found


def packed(body: bytes) -> Response:
    """Return a body as gzip at its quickest, which makes calendars twenty times smaller."""
    answer = Response(gzip.compress(body, compresslevel=1, mtime=0))
    answer.content_encoding = "gzip"
    return answer


def with_manners(answer: Response) -> Response:
    """Return an answer that caches keep apart, robots leave alone and no page learns of."""
    answer.headers["Cache-Control"] = "private, max-age=300"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def refused(words: str, status: HTTPStatus) -> Response:
    """Return a short answer for programs; a guessed address and a wrong one get the same."""
    answer = with_manners(Response(words, status=status, mimetype="text/plain"))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def remember(feed: Feed, *, now: datetime) -> None:
    """Write that the feed was fetched, unless others are writing: it is nice to know, no more."""
    by = rules.reader_named(request.user_agent.string)
    if not service.is_news(feed, by=by, now=now):
        return
    feed_id = feed.id
    try:
        with unit_of_work(hurried=True):
            service.note_fetched(feed_id, by=by, now=now)
    except CampusError as error:
        log.info("a fetched feed was not noted: %s", type(error).__name__)


# --- for people -------------------------------------------------------------------------------


@feeds.get("")
@login_required
def mine() -> ResponseReturnValue:
    """Show one's calendars, what one can subscribe to, and an address just made, this once."""
    made_just_now = session.pop(SHOWN_ONCE, None)
    return page(shown=schemas.Address(*made_just_now) if made_just_now else None)


@feeds.post("")
@login_required
def create() -> ResponseReturnValue:
    """Make a feed; the page that follows shows its address."""
    form = FeedForm()
    scope = form.wanted_scope
    if scope is None or not form.validate():
        return page(form, mistake=pages.mistake_in(form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    key = form.key.data or ""
    name = form.name.data or pages.free_name(scope, key, actor=actor())
    wanted, idem = Wanted(scope, name, key), form.idem.data or ""
    try:
        name, token = carry_out(lambda: made(wanted, idem=idem))
    except (Forbidden, NotFound, RuleBroken) as refusal:
        return page(form, mistake=refusal.message, status=refusal.status)
    return shown_once(name, token)


def made(wanted: Wanted, *, idem: str) -> tuple[str, str]:
    """Make a feed and return its name and token."""
    feed, token = service.create_feed(actor=actor(), wanted=wanted, idem=idem, now=clock.now())
    return feed.name, token


def shown_once(name: str, token: str) -> ResponseReturnValue:
    """Lead to the page that shows an address: to load that again makes no other one."""
    session[SHOWN_ONCE] = name, address_of(token)
    return redirect(url_for(".mine"), HTTPStatus.SEE_OTHER)


@feeds.post("/<code>/renew")
@login_required
def renew(code: str) -> ResponseReturnValue:
    """Give a feed a new address; the page that follows shows it."""
    me = actor()
    with unit_of_work():
        feed = queries.feed_by_code(code, person_id=me.person_id)
        name, token = feed.name, service.renew_feed(actor=me, feed=feed, now=clock.now())
    return shown_once(name, token)


@feeds.post("/<code>/name")
@login_required
def rename(code: str) -> ResponseReturnValue:
    """Call a feed something else."""
    me, form = actor(), NameForm()
    if not form.validate():
        return page(mistake=pages.mistake_in(form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    name = form.name.data or ""
    with unit_of_work():
        feed = queries.feed_by_code(code, person_id=me.person_id)
        service.rename_feed(actor=me, feed=feed, name=name, now=clock.now())
    flash(gettext("It is called %(name)s now.", name=name), "good")
    return redirect(url_for(".mine"), HTTPStatus.SEE_OTHER)


@feeds.post("/<code>/revoke")
@login_required
def revoke(code: str) -> ResponseReturnValue:
    """Let a feed be read no more."""
    me = actor()
    with unit_of_work():
        feed = queries.feed_by_code(code, person_id=me.person_id)
        name = feed.name
        service.revoke_feed(actor=me, feed=feed, now=clock.now())
    flash(gettext("%(name)s is revoked: its address shows nothing any more.", name=name), "good")
    return redirect(url_for(".mine"), HTTPStatus.SEE_OTHER)


def address_of(token: str) -> str:
    """Return the whole address of a feed."""
    return f"{mails.settings().base_url}{url_for('feed_files.read', token=token)}"


def page(
    form: FeedForm | None = None,
    *,
    mistake: Text | None = None,
    shown: schemas.Address | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> ResponseReturnValue:
    """Return the page about calendars, with an address just made or what was wrong."""
    shown_page = pages.page_of(actor())
    return render_template(
        "feeds/mine.html", page_of=shown_page, mistake=mistake, shown=shown, form=form
    ), status
