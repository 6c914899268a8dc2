"""Which shapes of a drawing are spaces; what is stored is built anew and of known parts only."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campus.errors import RuleBroken
from campus.floorplan import rules, verdict
from campus.floorplan.models import Change, Known, Proposal
from campus.floorplan.rules import Asked
from campus.spaces.models import SpaceKind, is_code
from campus.web import outlines, plans, svg, svg_path
from campus.web.plans import Box

ROOM = SpaceKind.MEETING_ROOM
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">'


def drawing(inside: str) -> bytes:
    return f"{HEAD}{inside}</svg>".encode()


def square(name: str, x: int = 0, *, more: str = "") -> str:
    return f'<rect id="{name}" x="{x}" width="20" height="20" {more}/>'


def space(number: int, code: str, **more: object) -> Known:
    values: dict[str, object] = {
        "id": number, "code": code, "name": f"Room {code}", "kind": ROOM, "floor": "",
        "is_here": True, "is_retired": False, "is_whole": False, "box": None, "path": "",
    }  # fmt: skip
    return Known(**{**values, **more})  # type: ignore[arg-type]  # a builder for tests


def proposed(
    data: bytes, *known: Known, asked: Asked | None = None, replaces: bool = False
) -> Proposal:
    asked = asked or Asked()
    draft = rules.draft_of(svg.read(data), asked=asked, floor="F1", level=1)
    return verdict.proposal_of(draft, known, asked=asked, floor="F1", replaces=replaces)


def codes(proposal: Proposal) -> list[str]:
    return [one.code for one in proposal.live]


def test_shapes_whose_id_is_a_code_become_spaces_in_any_case_of_letters() -> None:
    found = proposed(
        drawing(square("r1") + square("R2", 30) + square("F", 60)),
        space(1, "R1"),
        space(2, "r2"),
        space(3, "R3"),
    )

    assert codes(found) == ["R1", "r2"]
    assert found.unknown == ("F",)
    assert [one.code for one in found.shapeless] == ["R3"]


@pytest.mark.parametrize("template", ["APB.{id}", "{floor}-{id}", "{level}.{id}", "{id}"])
def test_a_template_makes_codes_of_ids(template: str) -> None:
    code = template.replace("{id}", "017").replace("{floor}", "F1").replace("{level}", "1")

    assert codes(proposed(drawing(square("017")), space(1, code), asked=Asked(template))) == [code]


@pytest.mark.parametrize("template", ["", "1.01", "{ref}", "{id", "{id}{0.__class__}", "{id}}{"])
def test_a_template_that_makes_no_codes_is_refused(template: str) -> None:
    with pytest.raises(RuleBroken, match="makes no codes"):
        proposed(drawing(square("a")), asked=Asked(template))


def test_a_shape_can_name_its_space_itself() -> None:
    data = drawing(square("path12", more='data-space="1.01"'))

    assert codes(proposed(data, space(1, "1.01"), asked=Asked("x.{id}"))) == ["1.01"]


def test_an_id_on_a_group_means_the_greatest_closed_shape_in_it() -> None:
    data = drawing(
        '<g id="R1"><path d="M0 0h5"/><rect width="3" height="3"/><rect x="1" width="20"'
        ' height="20"/></g>'
    )

    [live] = proposed(data, space(1, "R1")).live

    assert (live.box.width, live.box.height) == (907, 907)


def test_what_lies_in_a_space_with_the_same_outline_is_that_space() -> None:
    data = drawing(f'<g id="R1">{square("ground-of-R1")}</g>{square("F", 30)}')

    found = proposed(data, space(1, "R1"), asked=Asked(kind=ROOM))

    assert (codes(found), found.unknown) == (["R1", "F"], ())


def test_of_two_shapes_with_one_code_the_first_counts_and_the_other_is_told() -> None:
    found = proposed(drawing(square("R1") + square("R1", 30)), space(1, "R1"))

    assert codes(found) == ["R1"]
    assert [(key, str(reason)) for key, reason in found.refused] == [
        ("R1", "is drawn more than once; the first shape counts")
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"is_here": False, "floor": "F2"}, "R1 is on floor F2"),
        ({"is_retired": True}, "R1 is no longer in use"),
        ({"is_whole": True}, "R1 is made of other spaces; they have the shapes"),
    ],
)
def test_a_space_that_cannot_have_the_shape_is_told(more: dict[str, object], said: str) -> None:
    data = drawing(square("R1") + square("R2", 30))

    found = proposed(data, space(1, "R1", **more), space(2, "R2"))

    assert (codes(found), str(found.refused[0][1])) == (["R2"], said)
    with pytest.raises(RuleBroken, match=said):
        proposed(drawing(square("R1")), space(1, "R1", **more))


def test_a_space_on_no_floor_comes_to_this_one() -> None:
    [live] = proposed(drawing(square("R1")), space(1, "R1", is_here=False)).live

    assert live.comes


def test_new_spaces_are_made_of_closed_shapes_that_somebody_named() -> None:
    data = drawing(
        '<g id="layer1"><g id="Rooms">'
        '<path id="A1" d="M0 0h20v20h-20z"><title>The  Lab</title></path>'
        '<g id="A2"><rect x="30" width="20" height="20"/></g>'
        "</g></g>"
        '<line id="A3" x2="9" y2="9"/><rect id="rect42" width="9" height="9"/>'
        '<path id="A4" d="M60 0h20v20"/><rect id="XMLID_4_" width="9" height="9"/>'
        '<g id="Scale"><rect y="45" width="9" height="4"/><path d="M0 45h90"/></g>'
    )

    found = proposed(data, asked=Asked(kind=ROOM))

    assert [(one.code, one.name, one.change) for one in found.live] == [
        ("A1", "The Lab", Change.CREATED),
        ("A2", "A2", Change.CREATED),
    ]


def test_only_the_group_that_is_asked_for_is_looked_at_and_others_can_be_left_out() -> None:
    data = drawing(
        f'<g id="Rooms">{square("A")}</g><g id="Doors">{square("B", 30)}</g>'
        f'<g id="Furniture"><path d="M0 0h9"/></g>{square("C", 60)}'
    )

    only = proposed(data, asked=Asked(group="Rooms", kind=ROOM))
    less = proposed(data, asked=Asked(without=("Doors", "Furniture"), kind=ROOM))

    assert codes(only) == ["A"]
    assert codes(less) == ["A", "C"]
    assert (
        less.above
        == proposed(drawing(square("A") + square("C", 60)), asked=Asked(kind=ROOM)).above
    )  # nothing of the others is drawn either
    with pytest.raises(RuleBroken, match=r"no group called “Attic”. It has: Rooms, Doors, Furn"):
        proposed(data, asked=Asked(group="Attic"))


def test_a_new_code_that_cannot_be_one_is_told() -> None:
    data = drawing(square("Büro") + square("A", 30))

    found = proposed(data, asked=Asked(kind=ROOM))

    assert codes(found) == ["A"]
    assert "“Büro” cannot be a code" in str(found.refused[0][1])
    assert "and not “.”, “..”, “new” or “import”" in str(found.refused[0][1])


@pytest.mark.parametrize(
    ("data", "known", "said"),
    [
        (drawing('<path d="M0 0h9"/>'), [], "Nothing in the drawing is a space: no closed shape"),
        (drawing(square("path9")), [], "Nothing in the drawing is a space: no closed shape"),
        (drawing("<g/>"), [], "The drawing is empty"),
        (drawing(square("A")), [], "Floor F1 has no spaces yet, and the drawing has A."),
        (
            drawing(square("A")),
            [space(1, "1.01")],
            "Its shapes are called A; the spaces have the codes 1.01.",
        ),
    ],
)
def test_a_drawing_without_a_space_is_refused_and_says_what_to_do(
    data: bytes, known: list[Known], said: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        proposed(data, *known)

    assert said in str(refusal.value.message)


def test_what_changes_is_known_before_it_does() -> None:
    data = drawing(square("A") + square("B", 30) + square("C", 60))
    boxes = {one.code: one.box for one in proposed(data, asked=Asked(kind=ROOM)).live}

    found = proposed(
        data,
        space(1, "A", box=boxes["A"]),
        space(2, "B", box=Box(1, 2, 3, 4)),
        space(3, "C"),
        space(4, "D", box=Box(1, 2, 3, 4)),
    )

    assert [one.change for one in found.live] == [Change.SAME, Change.MOVED, Change.DRAWN]
    assert [one.code for one in found.lost] == ["D"]


def test_a_rectangle_needs_no_outline_and_what_is_turned_does() -> None:
    data = drawing(square("A", 30) + square("B", 50, more='transform="rotate(20)"'))

    first, second = proposed(data, asked=Asked(kind=ROOM)).live

    assert first.path == ""
    assert second.path.startswith("M")
    box = outlines.bounds(outlines.rings(svg_path.read(second.path)))
    assert box == (
        second.box.x, second.box.y, second.box.x + second.box.width,
        second.box.y + second.box.height,
    )  # fmt: skip


def test_the_frame_is_kept_so_that_floors_lie_on_each_other() -> None:
    one = proposed(drawing(square("A") + square("Z", 70, more='y="10"')), asked=Asked(kind=ROOM))
    corner = proposed(drawing(square("A")), asked=Asked(kind=ROOM))

    assert (one.width, one.height) == (1000, 524)
    assert (corner.width, corner.height) == (1000, 1000)


def test_what_lies_outside_the_frame_is_left_out_and_told() -> None:
    found = proposed(drawing(square("A") + square("B", 500)), asked=Asked(kind=ROOM))

    assert (codes(found), found.left_out) == (["A"], {"outside": 1})
    assert [str(one) for one in verdict.left_out_in_words(found)] == [
        "1 shape lies outside the drawing and was left out."
    ]


# --- nothing of a file is stored as it is -----------------------------------------------------

HOSTILE = st.sampled_from(
    ['"', "'", "<", ">", "&", "&lt;", "]]>", "<!--", "javascript:x()", "url(x)", "M0 0", "é",
     "{id}", "<script>", "onload", "\u202e", "{", "9e9", "0", "1.01", " "]
)  # fmt: skip
WORDS = st.lists(HOSTILE, max_size=4).map("".join)


def quoted(value: str) -> str:
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;")):
        value = value.replace(sign, entity)
    return value


ELEMENTS = st.builds(
    lambda tag, values, inside: (
        f"<{tag} "
        + " ".join(f'{name}="{quoted(value)}"' for name, value in values.items())
        + f">{quoted(inside)}</{tag}>"
    ),
    st.sampled_from(["rect", "path", "g", "title", "script", "text", "a", "polygon", "image"]),
    st.dictionaries(
        st.sampled_from(["id", "class", "style", "d", "width", "height", "onload", "href",
                         "points", "transform", "data-space", "fill", "x"]),
        st.one_of(WORDS, st.sampled_from(["20", "0 0 20 0 20 20", "M0 0h20v20z"])),
        max_size=6,
    ),
    WORDS,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(ELEMENTS, max_size=6))
def test_whatever_a_file_says_only_known_shapes_are_stored(elements: list[str]) -> None:
    known = [space(1, "1.01"), space(2, "0")]
    with suppress(RuleBroken):
        found = proposed(
            drawing(square("1.01") + "".join(elements)), *known, asked=Asked(kind=ROOM)
        )
        for fragment in (found.below, found.above):
            assert plans.DRAWING.fullmatch(fragment)
        for live in found.live:
            assert is_code(live.code)
            assert set(live.path) <= set("MLCZ -0123456789")
