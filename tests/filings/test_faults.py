"""What isn't a filing's document is refused with its reason, and nothing breaks the reader."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summaries.filings import Reading, UnreadableFiling, read
from tests.filings.corpus import EDGAR, html, inline, needs_corpus

SMALL = inline(
    "<p>Item 1. Business</p><table><tr><td>Sales</td><td>$</td><td>("
    '<ix:nonFraction name="us-gaap:Revenues" contextRef="y" unitRef="usd" scale="6" decimals="-6" '
    'sign="-" format="ixt:num-dot-decimal">1,234</ix:nonFraction></td><td>)</td></tr>'
    "<tr><td>Cost</td><td></td><td>5</td></tr></table><p>Item 1A. Risk Factors</p><p>&#146;&amp;</p>"
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"%PDF-1.7\n\x00", "PDF"),
        (b"PK\x03\x04abc", "ZIP"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b'{"cik": 1, "facts": {}}', "JSON"),
        (b'[{"a": 1}]', "JSON"),
        (b"<html><body><p>Revenue rose to", "truncated"),
        (SMALL[:-40], "truncated"),
        (b"<html><body><script>x</script></body></html>", "no text"),
        (random.Random(1).randbytes(5000), "no words"),
        (b"begin 644 a.jpg\nM_]C_X", "uuencoded"),
        (b"<DOCUMENT>\n<TYPE>10-K\n", "without <TEXT>"),
        (b"<DOCUMENT>\n<TYPE>EX-1\n<TEXT>\n<PDF>\nbegin 644 x.pdf\n", "PDF"),
        (html("<div>" * 100_000), "deep"),
    ],
    ids=range(15),
)
def test_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFiling, match=reason):
        read(content, form="10-K")


def test_refuses_what_is_too_large() -> None:
    with pytest.raises(UnreadableFiling, match=r"too large: 2,000 bytes, and the limit is 1,999"):
        read(b"x" * 2000, form="10-K", max_bytes=1999)


@needs_corpus
def test_refuses_the_error_pages_of_the_sec() -> None:
    pages = [path for path in (EDGAR / "errors").iterdir() if path.suffix != ".json"]
    assert len(pages) >= 5
    for page in pages:
        with pytest.raises(UnreadableFiling, match=r"error page|JSON"):
            read(page.read_bytes(), form="10-K")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_encodings(encoding: str) -> None:
    content = "<html><body><p>Café’s “sales”</p></body></html>".encode(encoding)
    assert read(content, form="10-K").text == "Café’s “sales”"


def test_entities_grow_nothing_and_reach_nothing() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 50}">' for n in range(1, 12))
    content = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "x"><!ENTITY f SYSTEM "file:///etc/passwd">'
        f'{bomb}]><html xmlns="http://www.w3.org/1999/xhtml"><body><p>a &a11; &f;</p></body></html>'
    ).encode()
    reading = read(content, form="10-K")
    assert len(reading.text) < 5000
    assert "root:" not in reading.text


@pytest.mark.parametrize(
    "body",
    [
        f'<p style="{"a" * 12_000_000}">x</p>',
        "<p>x</p>" + "<span>" * 3000 + "</span>" * 3000,
        "<p>x</p>" + "</table></td>" * 1000 + "<td><td><tr>" * 1000,
        "<p>x</p>" + "<table>" * 800 + "<tr><td>y" * 800,
        "<p>x</p>" + '<table><tr><td colspan="999999999999" rowspan="99999999">y</td></tr></table>',
        "<p>x</p>\x00\x01\x0b&#0;&#xD800;",
    ],
    ids=["attribute", "spans", "closings", "tables", "columns", "controls"],
)
def test_garbage_is_read_sanely(body: str) -> None:
    assert read(html(body), form="10-K").text.startswith("x")


def check(reading: Reading) -> None:
    """What holds of every reading."""
    size = len(reading.text)
    assert reading.sections[0].start == 0
    assert reading.sections[-1].end == size
    for table in reading.tables:
        assert all(
            table.start <= cell.start < cell.end <= table.end for row in table.rows for cell in row
        )
    assert all(0 <= tag.start <= tag.end <= size for tag in reading.tags)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The small document after a few cuts, repeats, overwritings and swaps."""
    content = bytearray(SMALL)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        size = draw(st.integers(0, 60))
        match draw(st.integers(0, 3)):
            case 0:
                del content[at : at + size]
            case 1:
                content[at:at] = content[at : at + size] * draw(st.integers(1, 5))
            case 2:
                content[at : at + 3] = draw(st.binary(max_size=6))
            case _:
                content[at:at] = draw(
                    st.sampled_from([b"<table>", b"</td>", b"<ix:", b"</ix:nonFraction>", b"&", b"\0",
                                     b"<td>", b"</html>", b"<ix:header>", b'"', b"<p", b"-->", b"<!--"])
                )  # fmt: skip
    return bytes(content)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged())
def test_damage_never_raises_anything_else(content: bytes) -> None:
    try:
        reading = read(content, form="10-K")
    except UnreadableFiling:
        return
    check(reading)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_never_raise_anything_else(content: bytes) -> None:
    try:
        check(read(b"<html>" + content + b"</html>", form="10-Q"))
    except UnreadableFiling:
        return
