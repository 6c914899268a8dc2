"""What comes in when somebody subscribes."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import HiddenField

from campus.feeds.models import Scope
from campus.web.forms import Form, KeyField, LineField, Present, at_most


class FeedForm(Form):
    """What to subscribe to."""

    scope = HiddenField()
    key = LineField(lazy_gettext("Which one"))
    name = LineField(lazy_gettext("Name in your calendar"), [at_most(80)])
    idem = KeyField()

    @property
    def wanted_scope(self) -> Scope | None:
        """The scope sent, if there is one of that name."""
        sent = self.scope.data
        return Scope(sent) if sent in set(Scope) else None


class NameForm(Form):
    """What a feed is called in calendars from now on."""

    name = LineField(
        lazy_gettext("Name in your calendar"),
        [Present(lazy_gettext("Give it a name.")), at_most(80)],
    )
