"""What comes in: a list and a map to look at, or the yes to what was seen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from campus.roomlist.models import Upload
from campus.web import maps
from campus.web.forms import Form, Present, clean
from campus.web.remarks import Mistaken
from campus.web.templating import translate


class UploadField(FileField):
    """A file, or None where none was chosen."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first file that has a name."""
        files = [one for one in valuelist if isinstance(one, FileStorage) and one.filename]
        self.data = files[0] if files else None


class ListForm(Form):
    """A list of spaces, and a map to it as a file or as text."""

    list = UploadField(
        lazy_gettext("List of spaces"), [Present(lazy_gettext("Choose the file with the list."))]
    )
    map_file = UploadField(lazy_gettext("Map (a TOML file)"))
    map = TextAreaField(lazy_gettext("Map, as text"))

    def validate_map_file(self, field: Any) -> None:
        """Read the map, and put it where it can be read and corrected."""
        if field.data is None:
            return
        try:
            self.map.data = maps.decoded(field.data.stream.read())
        except Mistaken as refused:
            raise ValidationError(translate(refused.mistakes[0].message)) from refused

    @property
    def upload(self) -> Upload:
        """What was handed over."""
        given = self.map.data or ""
        name = clean(self.list.data.filename)[-100:]
        return Upload(name, self.list.data.stream.read(), given if given.strip() else None)


class YesForm(Form):
    """The key to what was kept, and the digest of what was seen."""

    kept = HiddenField()
    digest = HiddenField()
