"""Drawings of others: what is read of them, and what they may not do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campus.errors import RuleBroken
from campus.web import outlines, svg
from campus.web.svg import Node

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" viewBox="0 0 100 100">'
)


def drawing(inside: str, *, before: str = "", head: str = HEAD) -> bytes:
    return f"{before}{head}{inside}</svg>".encode()


def every(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from every(child)


def paths(data: bytes) -> dict[str, str]:
    """Return what each named element draws."""
    return {
        node.id: outlines.written(node.piece.steps)
        for node in every(svg.read(data).root)
        if node.piece is not None
    }


@pytest.mark.parametrize(
    ("shape", "path"),
    [
        ('<rect id="s" x="10" y="20" width="30" height="40"/>', "M10 20L40 20L40 60L10 60Z"),
        ('<rect id="s" x="1cm" width="1in" height="96px"/>', "M38 0L134 0L134 96L38 96Z"),
        ('<polygon id="s" points="0,0 10,0 10 10"/>', "M0 0L10 0L10 10Z"),
        ('<polyline id="s" points="0,0,10,0"/>', "M0 0L10 0"),
        ('<line id="s" x1="1" y1="2" x2="3" y2="4"/>', "M1 2L3 4"),
        ('<path id="s" d="M0 0h9v9z"/>', "M0 0L9 0L9 9Z"),
        (
            '<g transform="translate(10,10)"><g transform="scale(2)">'
            '<rect id="s" width="5" height="5" transform="translate(1 1)"/></g></g>',
            "M12 12L22 12L22 22L12 22Z",
        ),
        (
            '<svg x="10" y="10" width="20" height="20" viewBox="0 0 10 10">'
            '<rect id="s" width="5" height="5"/></svg>',
            "M10 10L20 10L20 20L10 20Z",
        ),
        (
            '<rect id="s" width="9" height="9" style="transform:translate(1px,2px)"/>',
            "M1 2L10 2L10 11L1 11Z",
        ),
    ],
)
def test_every_shape_becomes_a_path_where_it_is_seen(shape: str, path: str) -> None:
    assert paths(drawing(shape)) == {"s": path}


def test_a_circle_stays_round() -> None:
    [path] = paths(drawing('<circle id="c" cx="50" cy="50" r="40"/>')).values()

    assert path.count("C") == 4
    assert path.startswith("M50 10")


@pytest.mark.parametrize(
    ("head", "frame", "path"),
    [
        ('viewBox="72 204 100 50"', (0, 0, 100, 50), "M0 0L10 0L10 10L0 10Z"),
        ('viewBox="72 204 100 50" width="200"', (0, 0, 200, 100), "M0 0L20 0L20 20L0 20Z"),
        (
            'viewBox="72 204 100 50" width="200px" height="200px"',
            (0, 50, 200, 150),
            "M0 50L20 50L20 70L0 70Z",
        ),
        (
            'viewBox="72 204 100 50" width="200" height="200" preserveAspectRatio="none"',
            (0, 0, 200, 200),
            "M0 0L20 0L20 40L0 40Z",
        ),
        ('viewBox="72 204 100 50" width="100%"', (0, 0, 100, 50), "M0 0L10 0L10 10L0 10Z"),
        ('width="300" height="400"', (0, 0, 300, 400), "M72 204L82 204L82 214L72 214Z"),
        ("", None, "M72 204L82 204L82 214L72 214Z"),
    ],
)
def test_the_frame_of_a_file_moves_and_scales(
    head: str, frame: tuple[float, ...] | None, path: str
) -> None:
    data = drawing(
        '<rect id="s" x="72" y="204" width="10" height="10"/>',
        head=f'<svg xmlns="http://www.w3.org/2000/svg" {head}>',
    )

    assert paths(data) == {"s": path}
    assert svg.read(data).frame == (pytest.approx(frame) if frame else None)


def test_groups_links_titles_and_layers_are_known() -> None:
    data = drawing(
        '<g inkscape:label="Rooms"><a id="R1" data-space="1.01" xlink:href="#">'
        '<title>Room\n one</title><rect width="9" height="9"/></a></g>'
    )
    [layer] = svg.read(data).root.children[0].children

    assert layer.label == "Rooms"
    [link] = layer.children
    assert (link.id, link.space, link.title.split()) == ("R1", "1.01", ["Room", "one"])


ROOM = '<rect id="r" width="50" height="50"/>'


@pytest.mark.parametrize(
    ("inside", "left_out"),
    [
        (f"{ROOM}<script>alert(1)</script>", {"script": 1}),
        (f'{ROOM}<rect id="x" width="5" height="5" onclick="x()"/>', {"script": 1}),
        (f"{ROOM}<foreignObject><p>hi</p></foreignObject>", {"foreign": 1}),
        (f'{ROOM}<image href="https://elsewhere.example/x.png"/>', {"image": 1, "reference": 1}),
        (f'{ROOM}<image xlink:href="data:image/png;base64,AA"/>', {"image": 1, "reference": 1}),
        (f'{ROOM}<use xlink:href="other.svg#x"/>', {"copy": 1, "reference": 1}),
        (f'{ROOM}<use href="#r"/>', {"copy": 1}),
        (f"{ROOM}<style>@import url(x.css);</style>", {"style": 1}),
        (f'{ROOM}<g style="fill:url(https://elsewhere.example)"/>', {"reference": 1}),
        (f'{ROOM}<g style="fill:url(#hatch)"/>', {}),
        (f'{ROOM}<a href="javascript:x()"/>', {"reference": 1}),
        (f"{ROOM}<text>Hi</text>", {"words": 1}),
        (f'{ROOM}<g display="none"><rect width="9" height="9"/></g>', {"hidden": 1}),
        (f'{ROOM}<g style="display: none"><rect width="9" height="9"/></g>', {"hidden": 1}),
        (f'{ROOM}<path d="M0 0Lx"/>', {"unreadable": 1}),
        (f'{ROOM}<rect width="50%" height="5"/>', {"unreadable": 1}),
        (f'{ROOM}<defs><path id="d" d="M0 0h9v9z"/></defs>', {}),
        (f'{ROOM}<animate attributeName="x"/>', {"motion": 1}),
        (f"{ROOM}<video/><strange/>", {"image": 1, "other": 1}),
        (f'{ROOM}<x:rect xmlns:x="urn:x" width="9" height="9"/>', {}),
    ],
)
def test_nothing_but_shapes_is_taken_and_the_rest_is_counted(
    inside: str, left_out: dict[str, int]
) -> None:
    found = svg.read(drawing(inside))

    assert found.left_out == left_out
    assert paths(drawing(inside)) == {"r": "M0 0L50 0L50 50L0 50Z"} or "onclick" in inside


def test_a_document_type_is_named_and_never_fetched() -> None:
    before = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://127.0.0.1:9/svg11.dtd">'

    assert svg.read(drawing(ROOM, before=before)).left_out == {"doctype": 1}


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]>',
        '<!DOCTYPE svg [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
def test_words_that_a_file_makes_up_are_refused(before: str) -> None:
    with pytest.raises(RuleBroken, match=r"Line 1: the drawing makes up words of its own"):
        svg.read(drawing(f"<title>&a;</title>{ROOM}", before=before))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7 ...", "Line 1, column 9: from here on this is no SVG drawing"),
        (b"\x1f\x8b\x08\x00", "The drawing is compressed"),
        (b"<html><body/></html>", "This is no SVG drawing"),
        (drawing("<g>\n<rect></g>"), "Line 2, column 9: from here on this is no SVG drawing."),
        (drawing('<rect xl:href="#"/>'), "column 167: from here on this is no SVG drawing"),
        (b'<?xml version="1.0" encoding="klingon"?><svg/>', "column 31: from here on this"),
        (drawing('<g transform="spin(9)"/>'), "Line 1: how the element is moved or scaled"),
        (drawing("", head='<svg viewBox="0 0 0 9">'), "Line 1: how the element is moved"),
        (drawing("<g>" * 70 + "</g>" * 70), "more than 60 groups in one another"),
        (drawing("<path/>" * 100_000), "more than 20000 elements"),
        (drawing(f'<path d="M0 0{"l1 1" * 40_001}"/>'), "more than 40000 points"),
        (drawing("") + b" " * (5 * 1024 * 1024), "larger than 5 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_plan_is_refused_with_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        svg.read(data)

    assert said in str(refusal.value.message)


@given(st.binary(max_size=200))
@example(b"<svg/>")
@example(b'<?xml version="1.0" encoding="utf-16"?><svg/>')
def test_any_bytes_are_a_drawing_or_refused(data: bytes) -> None:
    with suppress(RuleBroken):
        svg.read(data)


@pytest.mark.parametrize(
    "attribute",
    [
        f'style="{"a" * 1_000_000}"',
        f'style="fill:url({" " * 1_000_000}#a)"',
        f'width="{"1" * 1_000_000}!"',
        f'points="{"1 " * 500_000}"',
        f'd="M{"." * 1_000_000}"',
    ],
    ids=lambda attribute: attribute[:12],
)
def test_a_value_of_a_million_characters_takes_no_time(attribute: str) -> None:
    """Where a pattern tried every way to part it, this would not end."""
    with suppress(RuleBroken):
        svg.read(drawing(f"<rect {attribute}/><path {attribute}/><polygon {attribute}/>"))
