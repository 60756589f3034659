"""The text of a note: from PDF, TXT, HTML or the synopsis; the reader's address is gone."""

from __future__ import annotations

import hashlib
import io
import time
from typing import Any

import pytest
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

from summaries.sources.bluematrix import Body, Bundle, Part, note
from tests.sources.rixml_notes import SENTENCES, RixmlNote, page_of, pdf

READER = "jane.doe+fa@bank.example"
LINK = (
    "https://harbor.bluematrix.com/sellside/EmailDocViewer?encrypt=5f0e&mime=pdf&co=harbor"
    "&id={reader}&source=mail"
)


def body(*, made: RixmlNote | None = None, **files: bytes) -> Body:
    parts: dict[str, Any] = {kind: Part(f"1.2.{kind}", one) for kind, one in files.items()}
    xml = Part("1.2.xml", (made or RixmlNote()).xml())
    return note(Bundle("1.2", xml, firm_id="1", document_id="2", **parts)).body


def _printed(*lines: str, password: str = "") -> bytes:
    return pdf([lines], password)


def _images() -> bytes:
    held = io.BytesIO()
    canvas = Canvas(held)
    for _ in range(2):
        canvas.rect(10, 10, 100, 100, fill=1)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def test_pdf_keeps_its_pages() -> None:
    content = pdf([SENTENCES[:2], SENTENCES[2:]])
    read = body(pdf=content, txt=b"flat", html=page_of("flat"))
    assert (read.kind, read.problems) == ("pdf", ())
    assert read.sha256 == hashlib.sha256(content).hexdigest()
    assert [read.text[start:end] for start, end in read.pages] == [
        "\n".join(SENTENCES[:2]),
        SENTENCES[2],
    ]
    assert read.pages[-1][1] == len(read.text)


def test_pdf_locked_by_its_owner_alone_is_read() -> None:
    writer = PdfWriter(io.BytesIO(_printed(*SENTENCES)))
    writer.encrypt("", "owner", algorithm="AES-256")
    held = io.BytesIO()
    writer.write(held)
    assert body(pdf=held.getvalue()).text == "\n".join(SENTENCES)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (_printed("x", password="secret"), "is encrypted and needs a password"),
        (_printed("x" * 80)[:400], "is a damaged PDF"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "is a damaged PDF"),
        (_images(), "prints no text on any page"),
        (b"<html>Sign in</html>", "is not a PDF; it begins with b'<html>Si'"),
        (b"\n", "is empty"),
    ],
    ids="encrypted truncated garbage images html empty".split(),
)
def test_unusable_pdf_is_said_and_the_next_body_is_read(content: bytes, says: str) -> None:
    flat, page = b"Flat text.", b"<html><body><p>Page text.</p></body></html>"
    cases: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"txt": flat, "html": page}, "txt", "Flat text."),
        ({"html": page}, "html", "Page text."),
        ({}, "xml", "Services grow; we raise our target."),
    )
    for files, kind, text in cases:
        read = body(pdf=content, **files)
        assert (read.kind, read.text, read.pages) == (kind, text, ())
        assert says in read.problems[0]
        assert read.problems[0].startswith("1.2.pdf ")


def test_empty_page_is_said() -> None:
    read = body(pdf=pdf([("One.",), (), ("Three.",)]))
    assert read.problems == ("1.2.pdf: no text on page 2",)
    assert [read.text[start:end] for start, end in read.pages] == ["One.", "", "Three."]


def test_pdf_inside_the_xml_is_read_where_no_file_came() -> None:
    content = _printed("Held inside.")
    made = RixmlNote(inline=content)
    assert body(made=made).text == "Held inside."
    assert body(made=made, pdf=_printed("A file.")).text == "A file."
    broken = note(
        Bundle("1.2", Part("1.2.xml", made.xml().replace(b"<Data>", b"<Data>!!")), firm_id="1")
    )
    assert (broken.body.kind, "not base64" in broken.problems[0]) == ("xml", True)


def test_html_is_laid_out_as_lines_without_what_is_hidden() -> None:
    page = """<!DOCTYPE html><html><head><title>No</title><style>p{}</style></head><body>
    <div style="display:none">Preheader</div><script>var no = 1</script><!-- no -->
    <h1>Ratings &amp; <i>targets</i></h1><p>One
    line.<br>Two – lines.</p><table><tr><td>EPS</td><td>8.10</td></tr><tr><td>P/E</td><td>28x</td>
    </tr></table>Tail</body></html>"""
    read = body(html=page.encode())
    assert read.text == "Ratings & targets\nOne line.\nTwo – lines.\nEPS\t8.10\nP/E\t28x\nTail"


def test_encodings_of_text() -> None:
    assert body(txt="naïve – 5 €".encode()).text == "naïve – 5 €"
    assert body(txt="naïve".encode("utf-16")).text == "naïve"
    windows = body(txt="naïve – 5 €".encode("cp1252"))
    assert windows.text == "naïve – 5 €"
    assert windows.problems == ("1.2.txt: not UTF-8; read as Windows-1252",)
    declared = '<html><head><meta charset="iso-8859-1"></head><body>naïve</body></html>'
    assert body(html=declared.encode("latin-1")).text == "naïve"
    assert body(html="<html><body>naïve</body></html>".encode()).text == "naïve"
    assert body(txt=bytes(range(256))).problems[0] == "1.2.txt is binary, not text"


def test_text_has_no_control_characters_and_no_ligatures() -> None:
    assert (
        body(txt="ﬁnance of\xadfice\x00\r\n\r\n\r\n\r\nnext  \f".encode()).text
        == "finance office\n\nnext"
    )


@pytest.mark.parametrize(
    "link",
    [
        LINK.format(reader=READER),
        LINK.format(reader=READER.replace("@", "%40").replace("+", "%2B")),
        LINK.format(reader=READER.upper()),
        LINK.format(reader=READER).replace("doe", "d\noe"),
        LINK.format(reader=READER).replace("&id=", "&id=\n"),
        LINK.format(reader=READER).replace("EmailDocViewer", "links2/pdf/5f0e"),
    ],
    ids="plain encoded upper broken before_id other_path".split(),
)
def test_readers_address_is_gone_from_every_text(link: str) -> None:
    text = f"Prepared for {READER}.\n{link}\nAsk m.quill@harborlane.example.\nThe end."
    made = RixmlNote(
        synopsis=f"See {link}", disclosures=f"Sent to {READER}: {link}", title="To " + READER
    )
    read = note(
        Bundle("1.2", Part("1.2.xml", made.xml()), txt=Part("1.2.txt", text.encode()), firm_id="1")
    )
    everything = repr(read).lower()
    for part in ("jane", "oe+fa", "oe%2bfa", "bank.example", "encrypt="):
        assert part not in everything
    assert "m.quill@harborlane.example" in read.body.text
    assert read.body.text.endswith("The end.")


def test_pages_fit_the_text_after_redaction() -> None:
    pages = [
        ("First page.", LINK.format(reader=READER)),
        (f"Second page for {READER}.", "Last words."),
    ]
    read = body(pdf=pdf(pages))
    assert READER not in read.text
    texts = [read.text[start:end] for start, end in read.pages]
    assert texts[0].startswith("First page.")
    assert texts[1] == "Second page for [reader].\nLast words."


def test_link_of_a_resource_is_kept_without_its_query() -> None:
    url = LINK.format(reader=READER).replace("&", "&amp;").replace("https://", "https://me:pw@")
    xml = RixmlNote().xml().replace(b"</Resource>", f"<URL>{url}</URL></Resource>".encode())
    (resource,) = note(Bundle("1.2", Part("1.2.xml", xml), firm_id="1")).resources
    assert resource.url == "https://harbor.bluematrix.com/sellside/EmailDocViewer"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 2_000_000, "bluematrix.com/" * 50_000, "EmailDocViewer?" * 50_000,
        "EmailDocViewer?" + " &a" * 100_000, " " * 1_000_000 + "x", "a@" * 500_000,
        "".join(f"EmailDocViewer?id=a{place}@b.cc " for place in range(5000)),
    ],
    ids="word hosts links continued blanks ats readers".split(),
)  # fmt: skip
def test_hostile_text_is_read_in_no_time(text: str) -> None:
    begun = time.monotonic()
    read = body(txt=text.encode())
    assert time.monotonic() - begun < 5
    assert "@b.cc" not in read.text


def test_hostile_table_is_laid_out_in_no_time() -> None:
    begun = time.monotonic()
    assert body(html=b"<table><tr>" + b"<td></td>" * 100_000 + b"<td>x").text == "x"
    assert time.monotonic() - begun < 5


def test_library_logs_nothing_of_a_damaged_pdf(caplog: pytest.LogCaptureFixture) -> None:
    body(pdf=pdf([SENTENCES])[:-300])
    assert caplog.records == []
