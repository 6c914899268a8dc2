"""From the rows of a file, through a map, to the spaces that are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from campus.errors import Text, text, text_plural
from campus.roomlist import listing, rules, schemas, terms
from campus.roomlist.listing import Step, silent
from campus.roomlist.models import (
    Asked,
    Field,
    Map,
    Sheet,
    Upload,
    Value,
    Wanted,
)
from campus.spaces.models import SpaceKind, why_not_code
from campus.web.delimited import Row
from campus.web.remarks import CellError, Mistaken, Remark, Spot, mistaken, shortened
from campus.web.sources import Template, column, listed

READERS: Mapping[Field, Callable[[str], Value]] = {
    Field.NAME: rules.name,
    Field.BUILDING: rules.name,
    Field.BUILDING_NAME: rules.name,
    Field.ZONE: rules.name,
    Field.CAPACITY: rules.people,
    Field.AREA: rules.area_dm2,
    Field.AVAILABLE_FROM: rules.day,
    Field.AVAILABLE_UNTIL: rules.day,
}
MEETS = {SpaceKind.MEETING_ROOM, SpaceKind.EVENT_SPACE}  # where a missing capacity is odd


def asked_of(upload: Upload, *, step: Step = silent) -> Asked:
    """Return what a file asks, with every mistake in its cells.

    Raises:
        Mistaken: the file or the map as a whole cannot be read.
    """
    given = schemas.read_map(upload.map) if upload.map is not None else None
    sheet = listing.read(upload.raw, name=upload.name, rows=given.rows if given else "", step=step)
    made = given or usual_map(sheet)
    made.check(sheet.columns)
    return _Asking(made).all_of(sheet)


def usual_map(sheet: Sheet) -> Map:
    """Return the map of a file whose columns have names that campus knows by itself.

    Raises:
        Mistaken: none of them is a code, or two columns say the same.
    """
    found = terms.fields_of(sheet.columns)
    twins = [
        Remark(
            Spot(line=1, column=names[1]),
            text(
                "The columns “%(first)s” and “%(second)s” both say the %(field)s. Leave one out.",
                first=names[0],
                second=names[1],
                field=terms.FIELDS[what],
            ),
        )
        for what, names in found.items()
        if len(names) > 1
    ]
    if twins:
        raise Mistaken(twins)
    if Field.CODE not in found:
        raise mistaken(
            text(
                "No column is called code, so nothing says which space a row is about. Call one"
                " so, or hand over a map. There are: %(columns)s.",
                columns=listed(sheet.columns),
            )
        )
    sources: dict[str, Sequence[Template]] = {
        what: (column(names[0]),) for what, names in found.items()
    }
    return Map(sources=sources, makes_buildings=True, makes_floors=True)


class _Asking:
    """Reads row after row and gathers what is wrong, odd or left out."""

    def __init__(self, given: Map) -> None:
        self.map = given
        self.columns = {what: given.column_of(what) for what in Field}
        self.mistakes: list[Remark] = []
        self.warnings: list[Remark] = []
        self.left_out: Counter[str] = Counter()
        self.firsts: dict[str, Wanted] = {}

    def all_of(self, sheet: Sheet) -> Asked:
        """Return what all rows ask."""
        self.mistakes += sheet.mistakes
        wanted = [one for row in sheet.rows if (one := self._wanted(row)) is not None]
        if not wanted and not self.mistakes:
            raise mistaken(text("The map leaves out every row of the file."))
        used = {
            column for many in self.map.sources.values() for one in many for column in one.columns
        }
        unread = [name for name in sheet.columns if name not in used | {listing.KEY}]
        return Asked(
            wanted=wanted,
            map=self.map,
            read_as=sheet.read_as,
            mistakes=sorted(self.mistakes, key=lambda one: one.spot.line),
            warnings=[*self._silent(wanted), *self.warnings],
            left_out=dict(self.left_out),
            unread=[name for name in unread if name not in self.map.only],
        )

    def _wanted(self, row: Row) -> Wanted | None:
        if why := self.map.why_left_out(row.cells):
            self.left_out[why] += 1
            return None
        code = self._code(row)
        said = dict(self._said(row))
        if code is None:
            return None
        wanted = Wanted(row, code, said)
        earlier = self.firsts.setdefault(wanted.key, wanted)
        if earlier is not wanted:
            self._refuse_twin(wanted, earlier)
            return None
        return wanted

    def _wrong(self, row: Row, what: Field, message: Text) -> None:
        self.mistakes.append(Remark(row.spot(self.columns[what]), message))

    def _code(self, row: Row) -> str | None:
        words = self.map.words(row.cells, Field.CODE)
        if not words:
            self._wrong(row, Field.CODE, text("Here is no code. Every space has one of its own."))
            return None
        try:
            return self.map.code(words, why_not_code)
        except CellError as wrong:
            self._wrong(row, Field.CODE, wrong.message)
            return None

    def _refuse_twin(self, wanted: Wanted, earlier: Wanted) -> None:
        first = earlier.row
        self._wrong(
            wanted.row,
            Field.CODE,
            text(
                "The code %(code)s is there already, as %(earlier)s in %(place)s; capitals make no"
                " difference. Give one of the two another code, or let a map do so below [codes].",
                code=wanted.code,
                earlier=earlier.code,
                place=text("line %(num)s", num=first.line) if first.line else first.path,
            ),
        )

    def _said(self, row: Row) -> Iterator[tuple[Field, Value]]:
        for what in map(Field, self.map.sources):
            words = self.map.words(row.cells, what)
            if what is Field.FLOOR:
                yield from self._floor(row, words)
            elif what is Field.KIND and words:
                yield from self._kind(row, words)
            elif words and what in READERS:
                try:
                    yield what, READERS[what](words)
                except CellError as wrong:
                    self._wrong(row, what, wrong.message)

    def _kind(self, row: Row, words: str) -> Iterator[tuple[Field, Value]]:
        kind = self.map.kinds.get(words) or terms.kind_called(words)
        if kind is not None:
            yield Field.KIND, kind
            return
        self._wrong(
            row,
            Field.KIND,
            text(
                "“%(words)s” is no kind of space. There are: %(known)s. A map translates other"
                " words below [kinds].",
                words=shortened(words),
                known=terms.known_kinds(),
            ),
        )

    def _floor(self, row: Row, words: str) -> Iterator[tuple[Field, Value]]:
        """Yield the floor as a word; whether it is one of the campus, the campus knows."""
        if words:
            yield Field.FLOOR, words
            return
        self.warnings.append(
            Remark(row.spot(self.columns[Field.FLOOR]), text("No floor is named here."))
        )

    def _silent(self, wanted: list[Wanted]) -> Iterator[Remark]:
        """Yield what rooms are silent about that people look for."""
        rooms = [one for one in wanted if one.said.get(Field.KIND) in MEETS]
        unknown = [one for one in rooms if Field.CAPACITY not in one.said]
        if unknown and Field.CAPACITY not in self.map.sources:
            message = text_plural(
                "%(num)s room says no capacity: who looks by number of people does not find it.",
                "%(num)s rooms say no capacity: who looks by number of people does not find them.",
                num=len(unknown),
            )
            yield Remark(Spot(), message)
            return
        for one in unknown:
            spot = one.row.spot(self.columns[Field.CAPACITY])
            yield Remark(spot, text("%(code)s says no capacity.", code=one.code))
