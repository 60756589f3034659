"""BlueMatrix's ChangeFeed on loopback: login in the query, a listing, documents, a help page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import quoteattr

from tests.loopback import Answer, Asked, Loopback, serving
from tests.sources.rixml_notes import RixmlNote, attributes

FIRM, LOGIN, PASSWORD = "25203", "feed-reader", "s3cret&word"
NOW = "2026-03-02T16:00:00.00"
HELP = b"<html><body><h1>ChangeFeed</h1><p>mode: help, system, content</p></body></html>"
SIGN_IN = b'<html><body><form><input type="password" name="p"></form></body></html>'

NATIVE = """<?xml version="1.0" encoding="UTF-8"?>
<Product productID="79910" language="eng">
<ProductStatus bluematrixXmlDescr="{descr}" displayDateTime="2026-03-02T09:30:00"/>
<Source><Organization primaryIndicator="Yes"><OrganizationName>Harbor Lane</OrganizationName>
</Organization></Source>
<Content><Title>Two chip makers, one cycle</Title><Synopsis>Orders turn.</Synopsis></Content>
<Context><ProductClassifications><Tagging>
<Tag attributeId="{subject}" displayValue="Estimate Change"/>
<Tag attributeId="9" displayValue="Upgrade"/></Tagging></ProductClassifications>
<IssuerDetails><Issuer symbol="NVDA" companyId="12" recommendationAction="Upgrade"
 targetPriceAction="Increase" estimateAction="Increase"><SecurityDetails><Security>
<SecurityID idValue="NVDA"/><Clusters>
<FinancialValue BM_ID="{rating}"><CurrentValue displayValue="Buy"/>
<PreviousValue displayValue="Hold" type="1"/></FinancialValue>
<FinancialValue BM_ID="27"><CurrentValue displayValue="$1,045.00"/>
<PreviousValue displayValue="US$ 900.50"/></FinancialValue>
</Clusters></Security></SecurityDetails></Issuer></IssuerDetails>
<RelatedCompanies><Company type="1" ticker="AMD" rating="Hold" target="$120"/>
<Company type="2" ticker="INTC" rating="Hold" target="$20"/></RelatedCompanies></Context>
</Product>"""


def native(rating: str = "16", subject: str = "20", descr: str = "Multi Company Note") -> bytes:
    return NATIVE.format(rating=rating, subject=subject, descr=descr).encode()


@dataclass
class Document:
    """``status``: the extendedStatus. ``files``: by kind, XML first."""

    number: str = "79910"
    status: str = "Published"
    released: str = "true"
    files: dict[str, bytes] = field(default_factory=dict)

    @staticmethod
    def of(note: RixmlNote, **given: str) -> Document:
        files = {name.rpartition(".")[2].upper(): body for name, body in note.files().items()}
        files.pop("JSON")
        return Document(note.stem.rpartition(".")[2], files=files, **given)


@dataclass
class Site:
    """``spoil`` changes an answer on its way out; ``place`` is "listing" or a kind of file."""

    documents: list[Document]
    loopback: Loopback
    now: str = NOW
    spoil: Callable[[str, Answer], Answer] = lambda place, answer: answer

    @property
    def url(self) -> str:
        return f"{self.loopback.url}/sellside/ChangeFeed.action"

    def _answer(self, asked: Asked) -> Answer:
        query = {name: values[0] for name, values in asked.query.items()}
        if (query.get("login"), query.get("password")) != (LOGIN, PASSWORD):
            return Answer(200, SIGN_IN, "text/html")
        if asked.path.startswith("/docs/"):
            _, _, kind, number = asked.path.split("/")
            document = next(one for one in self.documents if one.number == number)
            body = document.files.get(kind.upper())
            answer = Answer(404) if body is None else Answer(200, body, f"application/{kind}")
            return self.spoil(kind, answer)
        known = query.get("mode") == "content" and query.get("param") == "full"
        if not known or query.get("firmId") != FIRM:
            return Answer(200, HELP, "text/html")
        return self.spoil("listing", Answer(200, self.listing().encode(), "text/xml"))

    def listing(self) -> str:
        return (
            f'<?xml version="1.0"?><BlueMatrix><now>{self.now}</now><Content>'
            + "".join(self._row(one) for one in self.documents)
            + "</Content></BlueMatrix>"
        )

    def _row(self, document: Document) -> str:
        said = attributes(
            bluematrixDocId=document.number,
            isReleased=document.released,
            extendedStatus=document.status,
            statusType="Not Published" if "Not" in document.status else "Published",
        )
        urls = "".join(
            f"<Url type={quoteattr(kind)}>{self.loopback.url}/docs/{kind.lower()}/{document.number}"
            "</Url>"
            for kind in document.files
        )
        return f"<ContentData{said}><ContentVersion>{urls}</ContentVersion></ContentData>"


@contextmanager
def bluematrix(*documents: Document) -> Iterator[Site]:
    """The site for as long as the block lasts; what it lists may change meanwhile."""
    with serving(lambda asked: Answer()) as loopback:
        site = Site(list(documents), loopback)
        loopback.answer = site._answer
        yield site


def cut(place: str, at: int) -> Callable[[str, Answer], Answer]:
    """The connection breaks after so many bytes of this answer."""
    return lambda asked, answer: replace(answer, cut=at) if asked == place else answer


def instead(place: str, **changed: object) -> Callable[[str, Answer], Answer]:
    """This answer is another one."""
    return lambda asked, answer: replace(answer, **changed) if asked == place else answer  # type: ignore[arg-type]
