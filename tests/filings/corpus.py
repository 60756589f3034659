"""Real filings from the shared data folder, and small ones written here."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

EDGAR = Path(settings.SHARED_DATA_DIR) / "edgar"

needs_corpus = pytest.mark.skipif(
    not (EDGAR / "filings").is_dir(),
    reason=f"no recorded SEC data in {EDGAR}; name it with FA_SHARED_DATA",
)


def filings(step: int = 1) -> Iterator[tuple[str, str, bytes]]:
    """Name, form and bytes of every step-th filing."""
    for path in sorted((EDGAR / "filings").glob("*.htm.gz"))[::step]:
        form = "10-K" if "_10-K_" in path.name else "10-Q"
        yield path.name, form, gzip.decompress(path.read_bytes())


def unzipped(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


NAMESPACES = (
    'xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL" '
    'xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi" '
    'xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12" '
    'xmlns:ixt-sec="http://www.sec.gov/inlineXBRL/transformation/2015-08-31" '
    'xmlns:iso4217="http://www.xbrl.org/2003/iso4217" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:us-gaap="http://fasb.org/us-gaap/2024" xmlns:dei="http://xbrl.sec.gov/dei/2024"'
)
RESOURCES = """<div style="display:none"><ix:header><ix:hidden>
<ix:nonNumeric name="dei:EntityCentralIndexKey" contextRef="y" format="">0000000001</ix:nonNumeric>
<ix:nonNumeric name="dei:AmendmentFlag" contextRef="y" format="ixt:fixed-false"></ix:nonNumeric>
<ix:nonFraction name="us-gaap:Shares" contextRef="i" unitRef="sh" scale="0">77</ix:nonFraction>
</ix:hidden><ix:resources>
<xbrli:context id="y"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity>
<xbrli:period><xbrli:startDate>2024-01-01</xbrli:startDate><xbrli:endDate>2024-12-31</xbrli:endDate>
</xbrli:period></xbrli:context>
<xbrli:context id="i"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity>
<xbrli:period><xbrli:instant>2024-12-31</xbrli:instant></xbrli:period></xbrli:context>
<xbrli:context id="d"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier><xbrli:segment>
<xbrldi:typedMember dimension="x:LotAxis"><x:lot xmlns:x="urn:x">seven</x:lot></xbrldi:typedMember>
<xbrldi:explicitMember dimension="us-gaap:AAxis">us-gaap:BMember</xbrldi:explicitMember>
</xbrli:segment></xbrli:entity><xbrli:period><xbrli:instant>2024-12-31T00:00:00</xbrli:instant>
</xbrli:period></xbrli:context>
<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>
<xbrli:unit id="sh"><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unit>
<xbrli:unit id="eps"><xbrli:divide><xbrli:unitNumerator><xbrli:measure>iso4217:USD</xbrli:measure>
</xbrli:unitNumerator><xbrli:unitDenominator><xbrli:measure>xbrli:shares</xbrli:measure>
</xbrli:unitDenominator></xbrli:divide></xbrli:unit>
</ix:resources></ix:header></div>"""


def inline(body: str) -> bytes:
    """A small inline XBRL document: contexts y (2024), i (its end), d (two dimensions)."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<html {NAMESPACES}><head><title>t</title></head>'
        f"<body>{RESOURCES}{body}</body></html>"
    ).encode()


def html(body: str) -> bytes:
    return f"<html><body>{body}</body></html>".encode()
