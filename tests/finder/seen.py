"""The Book page as somebody sees it."""

from __future__ import annotations

from html.parser import HTMLParser

from flask.testing import FlaskClient


class Seen(HTMLParser):
    """The tags of a page with their attributes, and all that is written in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.page = page
        self.feed(page)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Note what is written."""
        self.words += data + " "

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """Return the attributes of every such tag that has these values."""
        return [
            has
            for name, has in self.tags
            if name == tag and all(has.get(key) == value for key, value in attributes.items())
        ]

    def sent(self, form: str) -> dict[str, str]:
        """Return the hidden fields that a form of the dock sends."""
        start = self.page.index(f'id="{form}"')
        fields = Seen(self.page[start : self.page.index("</form>", start)]).all(
            "input", type="hidden"
        )
        return {field["name"]: field["value"] for field in fields}


def look(
    client: FlaskClient,
    query: str = "",
    *,
    language: str = "en",
    path: str = "book",
    **headers: str,
) -> Seen:
    """Return the page as somebody sees it; it always comes."""
    answer = client.get(f"/{language}/{path}{query}", headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return Seen(answer.get_data(as_text=True))
