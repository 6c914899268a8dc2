"""The forms of a floor's plan: a drawing to look at, and the same one to keep."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

from flask_babel import lazy_gettext
from wtforms import FileField, HiddenField, SelectField

from campus.floorplan.rules import Asked
from campus.spaces.models import SpaceKind
from campus.spaces.policy import MANY
from campus.web.forms import Form, LineField, Present, at_most
from campus.web.templating import translate

LARGEST = 2 * 1024 * 1024  # bytes of a drawing that a page takes
LONGEST = 150_000  # characters that carry it from one page to the next


class PlanForm(Form):
    """How a drawing is to be read."""

    template = LineField(lazy_gettext("Code of a space"), [at_most(60)], default="{id}")
    group = LineField(lazy_gettext("Only in this group"), [at_most(100)])
    without = LineField(lazy_gettext("Without these groups"), [at_most(200)])
    kind = SelectField(lazy_gettext("Named shapes that are no space yet"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kind.choices = [
            ("", lazy_gettext("leave as they are")),
            *(
                (kind.value, lazy_gettext("make: %(kinds)s", kinds=translate(MANY[kind])))
                for kind in SpaceKind
            ),
        ]

    @property
    def asked(self) -> Asked:
        """What the fields say."""
        names = (self.without.data or "").split(",")
        return Asked(
            template=self.template.data or "{id}",
            group=self.group.data or "",
            without=tuple(name.strip() for name in names if name.strip()),
            kind=self.kind.data or None,
        )


class LookForm(PlanForm):
    """A drawing to look at."""

    file = FileField(
        lazy_gettext("Drawing"), [Present(lazy_gettext("Choose a drawing: an SVG file."))]
    )


class KeepForm(PlanForm):
    """The drawing that was looked at, and what was seen of it."""

    drawing = HiddenField()
    seen = HiddenField()


def packed(data: bytes) -> str:
    """Return a drawing as text for a hidden field; empty where it is too long for one."""
    text = base64.urlsafe_b64encode(zlib.compress(data, 9)).decode("ascii")
    return text if len(text) <= LONGEST else ""


def unpacked(text: str) -> bytes:
    """Return the drawing of a hidden field; nothing where that holds none."""
    try:
        raw = base64.b64decode(text.encode("ascii", "replace"), altchars=b"-_", validate=True)
        return zlib.decompressobj().decompress(raw, LARGEST)
    except (binascii.Error, zlib.error):
        return b""
