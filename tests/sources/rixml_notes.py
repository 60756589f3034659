"""Research notes of made-up brokers, in RIXML as delivered: all prose is ours."""

from __future__ import annotations

import base64
import io
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.pagesizes import letter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

NAMESPACES = {
    "2.1": "http://www.rixml.org/2005/3/RIXML",
    "2.4": "http://www.rixml.org/2013/2/RIXML",
    "2.5": "http://www.rixml.org/2017/9/RIXML",
}
PRODUCT = "3f0c2a54-8f1e-4c4b-9d57-6a0f1b7c2e11"
SENTENCES = (
    "We think that the services line grows faster than the company says.",
    "Our target rests on 28 times our estimate for next year.",
    "The main risk is a slower upgrade cycle in Asia.",
)


def attributes(**given: object) -> str:
    return "".join(
        f" {name}={quoteattr(str(value))}" for name, value in given.items() if value != ""
    )


@dataclass(frozen=True)
class Figure:
    """A SecurityFinancials or IssuerFinancials with one FinancialValue."""

    measure: str
    value: str
    currency: str = "USD"
    when: str = ""
    period: str = ""
    year: str = ""
    estimate: str = ""
    own_word: str = ""

    def xml(self, where: str) -> str:
        kind = {f"{where[0].lower()}{where[1:]}FinancialsType": self.measure}
        said = attributes(**kind, priorCurrent=self.when, publisherDefinedValue=self.own_word)
        figure = attributes(period=self.period, periodYear=self.year, estimateActual=self.estimate)
        currency = f"<Currency>{self.currency}</Currency>" if self.currency else ""
        return (
            f"<{where}Financials{said}>{currency}"
            f"<FinancialValue{figure}>{escape(self.value)}</FinancialValue></{where}Financials>"
        )


def target(value: str, when: str = "", currency: str = "USD") -> Figure:
    return Figure("TargetPrice", value, currency, when)


@dataclass(frozen=True)
class Company:
    name: str = "Apple Inc."
    identifiers: tuple[tuple[str, str], ...] = (("Bloomberg", "AAPL US"), ("ISIN", "US0378331005"))
    rating: str = "PositiveSentiment"
    words: str = "Overweight"
    prior: tuple[str, str] = ("", "")
    action: str = "Reiterate"
    figures: tuple[Figure, ...] = (target("245.00"), Figure("Price", "212.4861"))
    company_figures: tuple[Figure, ...] = ()
    is_primary: bool = True
    target_action: str = ""
    estimate_action: str = ""
    coverage_action: str = ""
    under_type: bool = False  # RIXML 2.1 has the rating under SecurityType

    def xml(self) -> str:
        ratings = self._rating(self.rating, self.words, self.action, "") if self.rating else ""
        if self.prior[0]:
            ratings += self._rating(*self.prior, "", "Prior")
        inside = f'<SecurityType securityType="Common">{ratings}</SecurityType>'
        actions = attributes(
            targetPriceAction=self.target_action,
            estimateAction=self.estimate_action,
            coverageAction=self.coverage_action,
        )
        return (
            f'<Issuer issuerType="Corporate" primaryIndicator="{"Yes" if self.is_primary else "No"}">'
            f'<IssuerName nameType="Legal"><NameValue>{escape(self.name)}</NameValue></IssuerName>'
            f'<SecurityDetails><Security primaryIndicator="Yes"{actions}>'
            + "".join(self._identifier(*one) for one in self.identifiers)
            + '<AssetClass assetClass="Equity"/><AssetType assetType="Stock"/>'
            + (inside if self.under_type else '<SecurityType securityType="Common"/>')
            + "".join(one.xml("Security") for one in self.figures)
            + ("" if self.under_type else ratings)
            + "</Security></SecurityDetails>"
            + "".join(one.xml("Issuer") for one in self.company_figures)
            + "</Issuer>"
        )

    @staticmethod
    def _identifier(kind: str, value: str) -> str:
        own = kind not in {"Bloomberg", "RIC", "ISIN", "CUSIP"}
        said = attributes(
            idType="PublisherDefined" if own else kind,
            idValue=value,
            publisherDefinedValue=kind if own else "",
        )
        return f"<SecurityID{said}/>"

    @staticmethod
    def _rating(rating: str, words: str, action: str, when: str) -> str:
        said = attributes(rating=rating, ratingAction=action, priorCurrent=when)
        own = f"<PublisherDefinedValue>{escape(words)}</PublisherDefinedValue>" if words else ""
        return f'<Rating{said}><RatingEntity ratingEntity="PublisherDefined"/>{own}</Rating>'


@dataclass(frozen=True)
class RixmlNote:
    """``stem`` names its files. ``listed``: kinds of files that the XML lists."""

    stem: str = "25203.79910"
    namespace: str = NAMESPACES["2.4"]
    product: str = PRODUCT
    status: str = "Published"
    status_at: str = "2026-03-02T14:31:07Z"
    version: str = "1"
    published_at: str = "2026-03-02T14:30:00Z"
    title: str = "Apple: services carry the year"
    synopsis: str = "Services grow; we raise our target."
    publisher: str = "Harbor Lane Securities"
    companies: tuple[Company, ...] = (Company(),)
    disclosures: str = "Harbor Lane makes a market in the shares named here."
    listed: tuple[str, ...] = ("pdf",)
    inline: bytes = b""
    pages: tuple[tuple[str, ...], ...] = ((SENTENCES[0], SENTENCES[1]), (SENTENCES[2],))
    tags: tuple[tuple[str, str], ...] = (("Main Subject", "Company Update"),)
    more_status: tuple[tuple[str, str, str], ...] = ()  # statusType, time, current
    extra: str = field(default="", repr=False)

    def xml(self) -> bytes:
        statuses = [*self.more_status, (self.status, self.status_at, "Yes")]
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<Research{attributes(xmlns=self.namespace)} '
            f'researchID="{self.product}" createDateTime="2026-03-02T14:31:07Z" language="eng" '
            f'bluematrixDocID="{self.stem.rpartition(".")[2]}">\n<Product productID="{self.product}">\n'
            + "".join(
                f"<StatusInfo{attributes(statusType=kind, statusDateTime=at, currentStatusIndicator=now)}>"
                f"<Version>{self.version}</Version></StatusInfo>\n"
                for kind, at, now in statuses
            )
            + f"{self._source()}\n{self._content()}\n{self._context()}\n"
            + f"<Legal><Disclosure>{escape(self.disclosures)}</Disclosure></Legal>\n"
            + f"{self.extra}</Product>\n</Research>\n"
        ).encode()

    def _source(self) -> str:
        people = (
            ("Yes", 1, "Mara Quill", "m.quill@harborlane.example", "Senior Analyst"),
            ("No", 2, "Tomas Reed", "t.reed@harborlane.example", "Associate"),
        )
        members = "".join(
            f'<PersonGroupMember primaryIndicator="{primary}" sequence="{place}">'
            f'<Person personID="{place}"><DisplayName>{name}</DisplayName>'
            f"<JobTitle>{job}</JobTitle><ContactInfo><Email>{email}</Email>"
            f"<Phone><Number>212 555 010{place}</Number></Phone></ContactInfo></Person>"
            "</PersonGroupMember>"
            for primary, place, name, email, job in people
        )
        return (
            '<Source><Organization type="SellSideFirm" primaryIndicator="Yes">'
            '<OrganizationID idType="PublisherDefined">HARBOR</OrganizationID>'
            f"<OrganizationName>{escape(self.publisher)}</OrganizationName>"
            f"<PersonGroup>{members}</PersonGroup></Organization></Source>"
        )

    def _content(self) -> str:
        types = {"pdf": "application/pdf", "html": "text/html", "txt": "text/plain"}
        data = f"<Data>{base64.b64encode(self.inline).decode()}</Data>" if self.inline else ""
        resources = "".join(
            f'<Resource resourceID="{place}" primaryIndicator="{"No" if place else "Yes"}" '
            f'language="eng"><MIMEType>{types[kind]}</MIMEType><Name>{self.stem}.{kind}</Name>'
            f"{data}</Resource>"
            for place, kind in enumerate(self.listed)
        )
        return (
            f"<Content><Title>{escape(self.title)}</Title>"
            f"<Synopsis>{escape(self.synopsis)}</Synopsis>{resources}</Content>"
        )

    def _context(self) -> str:
        tags = "".join(
            f"<Tag><Name>{escape(name)}</Name><TagValue><Name>{escape(value)}</Name></TagValue></Tag>"
            for name, value in self.tags
        )
        return (
            "<Context><IssuerDetails>"
            + "\n".join(one.xml() for one in self.companies)
            + "</IssuerDetails>"
            f"<ProductDetails{attributes(publicationDateTime=self.published_at)}>"
            '<ProductName>Company Note</ProductName><ProductCategory productCategory="Report"/>'
            "<AccessType>Public</AccessType></ProductDetails>"
            f"<ProductClassifications>{tags}</ProductClassifications></Context>"
        )

    def files(self) -> dict[str, bytes]:
        """All files of the delivery by name; what isn't listed isn't delivered."""
        made = {f"{self.stem}.xml": self.xml(), f"{self.stem}.json": b"{}"}
        if "pdf" in self.listed and not self.inline:
            made[f"{self.stem}.pdf"] = pdf(self.pages)
        flat = "\n".join(line for page in self.pages for line in page)
        if "txt" in self.listed:
            made[f"{self.stem}.txt"] = flat.encode()
        if "html" in self.listed:
            made[f"{self.stem}.html"] = page_of(flat)
        return made

    def revised(self, **changed: object) -> RixmlNote:
        """The next version of this note, an hour later where ``status_at`` isn't given."""
        later = {"status": "Revised", "status_at": "2026-03-02T15:31:07Z", "version": "2"}
        return replace(self, **{**later, **changed})  # type: ignore[arg-type]


def page_of(text: str) -> bytes:
    rows = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    return f"<html><head><title>x</title></head><body>{rows}</body></html>".encode()


def pdf(pages: Iterable[Iterable[str]], password: str = "") -> bytes:
    """A PDF that prints these lines; the same lines give the same bytes."""
    held = io.BytesIO()
    lock = StandardEncryption(password, ownerPassword="owner", strength=128) if password else None
    canvas = Canvas(held, pagesize=letter, invariant=1, encrypt=lock)
    for page in pages:
        for place, line in enumerate(page):
            canvas.drawString(72, 720 - 16 * place, line)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def deliver(note: RixmlNote, folder: Path, only: str = "") -> list[Path]:
    """Write a delivery whole, as something that came a minute ago."""
    paths = []
    for name, content in note.files().items():
        if only and not name.endswith(only):
            continue
        path = folder / name
        path.write_bytes(content)
        os.utime(path, (time.time() - 60, time.time() - 60))
        paths.append(path)
    return paths
