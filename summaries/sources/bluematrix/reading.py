"""A delivery read into a Note."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import replace
from pathlib import PurePosixPath

from summaries.sources.bluematrix import native, rixml
from summaries.sources.bluematrix.bodies import body_of, tidy
from summaries.sources.bluematrix.bundles import Bundle, Listed, Part, malformed
from summaries.sources.bluematrix.issuers import issuers_of
from summaries.sources.bluematrix.notes import Body, Note, Status
from summaries.sources.bluematrix.redaction import readers, redacted
from summaries.sources.bluematrix.rixml import Identity
from summaries.sources.bluematrix.statuses import status_of
from summaries.sources.bluematrix.xmltree import (
    Element,
    child,
    children,
    local,
    moment,
    parse,
    text,
    wrong,
)  # fmt: skip

# A UUID has 36 characters; a shorter identity is some publisher's own count.
_LEAST_UNIQUE = 16
_KINDS = {
    "application/pdf": "pdf", "text/html": "html", "application/xhtml+xml": "html",
    "text/plain": "txt", ".pdf": "pdf", ".html": "html", ".htm": "html", ".txt": "txt",
}  # fmt: skip


def note(bundle: Bundle) -> Note:
    """What a delivery says. Raises Malformed, naming the file, the line and the element."""
    if bundle.xml is None:
        return _withdrawal(bundle)
    root = parse(bundle.xml.content, bundle.xml.name)
    read = _native if local(root) == "Product" else _rixml
    found = read(bundle, bundle.xml, root)
    return found if found.status.readable else _emptied(found)


def _rixml(bundle: Bundle, xml: Part, root: Element) -> Note:
    name, zone = xml.name, bundle.conventions.time_zone
    product, odd = rixml.product_of(root, name)
    state = rixml.state_of(product, name, zone)
    moments = rixml.moments_of(root, product, state, name, zone)
    synopsis = rixml.synopsis_of(product)
    inline, inline_problems = _inline(product, name)
    issuers, unread = issuers_of(product, rixml.unit_of(product))
    publisher, identifier = rixml.publisher_of(product)
    body, known_readers = _body(bundle, state.status, inline, synopsis)
    sha256 = hashlib.sha256(xml.content).hexdigest()
    publisher_id = _publisher_id(bundle, identifier, publisher)
    known = _identities(bundle, rixml.identity_of(root, product), publisher_id)
    if not known:
        raise wrong(product, name, "says no productID, and the file's name isn't <firm>.<document>")
    found = Note(
        source_id=known[0],
        also_known_as=known,
        version=_version(moments.status_at.isoformat(), state.version, state.words, sha256, body),
        status=state.status,
        published_at=moments.published_at,
        published_certain=moments.published_certain,
        status_at=moments.status_at,
        title=text(product, "Content", "Title"),
        synopsis=synopsis,
        publisher=publisher,
        publisher_id=publisher_id,
        category=rixml.category_of(product),
        subject=rixml.subject_of(product),
        language=_language(root, product),
        analysts=rixml.analysts_of(product),
        issuers=issuers,
        disclosures=rixml.disclosures_of(product),
        access=rixml.access_of(root),
        entitlement=f"bluematrix:{publisher_id}",
        body=body,
        resources=rixml.resources_of(product),
        raw_sha256=sha256,
        problems=(*bundle.problems, *odd, *inline_problems, *unread),
    )
    return _without_reader(found, known_readers)


def _native(bundle: Bundle, xml: Part, product: Element) -> Note:
    """BlueMatrix's own XML: the listing says the status, the document the rest."""
    name, zone = xml.name, bundle.conventions.time_zone
    listed = bundle.listed
    status = _listed_status(bundle, listed) if listed else _own_status(product, name)
    shown = moment(native.displayed_at(product), zone)
    heard = moment(listed.now, zone) if listed else None
    first = shown or heard
    if first is None:
        raise malformed(f"{name} says no displayDateTime, and no listing says when it was given")
    # What was republished may keep its first time: then only the listing's clock orders it.
    status_at = heard[0] if heard and status is Status.REVISED else first[0]
    synopsis = rixml.synopsis_of(product)
    body, known_readers = _body(bundle, status, {}, synopsis)
    sha256 = hashlib.sha256(xml.content).hexdigest()
    publisher, identifier = rixml.publisher_of(product)
    publisher_id = _publisher_id(bundle, identifier, publisher)
    known = _identities(bundle, rixml.identity_of(product, product), publisher_id)
    if not known:
        raise wrong(product, name, "says no number, and the file's name isn't <firm>.<document>")
    issuers, unread = native.issuers_of(product, bundle.conventions)
    found = Note(
        source_id=known[0],
        also_known_as=known,
        version=_version(first[0].isoformat(), "", status, sha256, body),
        status=status,
        published_at=first[0],
        published_certain=bool(shown and shown[1]),
        status_at=status_at,
        title=native.title_of(product),
        synopsis=synopsis,
        publisher=publisher,
        publisher_id=publisher_id,
        category=native.category_of(product),
        subject=native.subject_of(product, bundle.conventions),
        language=_language(product, product),
        analysts=rixml.analysts_of(product),
        issuers=issuers,
        disclosures=rixml.disclosures_of(product),
        access=rixml.access_of(product),
        entitlement=f"bluematrix:{publisher_id}",
        body=body,
        resources=rixml.resources_of(product),
        raw_sha256=sha256,
        problems=(*bundle.problems, *unread),
    )
    return _without_reader(found, known_readers)


_NO_BODY = Body("", "xml", (), "", ())


def _body(
    bundle: Bundle, status: Status, inline: dict[str, Part], synopsis: str
) -> tuple[Body, frozenset[str]]:
    return body_of(bundle, inline, synopsis) if status.readable else (_NO_BODY, frozenset())


def _withdrawal(bundle: Bundle) -> Note:
    """All that is left of a recalled or deleted note: that it is one."""
    listed = bundle.listed
    if listed is None:
        raise malformed(f"{bundle.name} has no XML; deliver it beside the other files")
    status = _listed_status(bundle, listed)
    if status.readable:
        raise malformed(f"{bundle.name} is listed as {listed.status!r} without any XML")
    heard = moment(listed.now, bundle.conventions.time_zone)
    if heard is None:
        raise malformed(f"{bundle.name}: the listing's clock says {listed.now!r}, which is no time")
    publisher_id = _publisher_id(bundle, "", "")
    known = _identities(bundle, Identity("", ""), publisher_id)
    return Note(
        source_id=known[0], also_known_as=known,
        # Recalled, republished and recalled again: each is a version of its own.
        version=_version(heard[0].isoformat(), "", status, listed.raw_sha256, _NO_BODY),
        status=status, published_at=heard[0], published_certain=False, status_at=heard[0],
        title="", synopsis="", publisher="", publisher_id=publisher_id, category="", subject="",
        language="", analysts=(), issuers=(), disclosures="", access="",
        entitlement=f"bluematrix:{publisher_id}", body=_NO_BODY, resources=(),
        raw_sha256=listed.raw_sha256, problems=bundle.problems,
    )  # fmt: skip


def _listed_status(bundle: Bundle, listed: Listed) -> Status:
    status = status_of(listed.status)
    if status is None:
        raise malformed(f"{bundle.name} is listed with the unknown status {listed.status!r}")
    return status if listed.is_released or not status.readable else Status.NOT_PUBLISHED


def _own_status(product: Element, name: str) -> Status:
    """Of a document that came without a listing: delivered is published, unless it says otherwise."""
    words = native.status_said(product) or "Published"
    status = status_of(words)
    if status is None:
        raise wrong(product, name, f"unknown status {words!r}")
    return status


def _identities(bundle: Bundle, said: Identity, publisher_id: str) -> tuple[str, ...]:
    """All names of the note, the source's own first.

    A listing speaks in document numbers alone, so these lead where it brought the note. A number
    that only its publisher counts is told from other publishers' by theirs.
    """
    number = f"{bundle.firm_id}.{bundle.document_id}" if bundle.document_id else ""
    own = said.document and (
        said.document if "." in said.document else f"{publisher_id}.{said.document}"
    )
    product = said.product
    if product and len(product) < _LEAST_UNIQUE:
        product = f"{publisher_id}.{product}"
    order = (number, own, product) if bundle.listed else (product, own, number)
    return tuple(dict.fromkeys(one for one in order if one))


def _publisher_id(bundle: Bundle, identifier: str, name: str) -> str:
    """BlueMatrix's number of the firm, else what the note says; unknown is a licence nobody has."""
    slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
    return bundle.firm_id or identifier or slug or "unknown"


def _version(at: str, own: str, status: str, sha256: str, body: Body) -> str:
    """Time, the publisher's version, status and content: equal for the same delivery only."""
    content = hashlib.sha256(f"{sha256}{body.sha256}".encode()).hexdigest()
    return "/".join((at, own[:32], status[:32], content[:16]))


def _language(root: Element, product: Element) -> str:
    own = root.get("language") or product.get("language")
    return str(own or next((one.language for one in rixml.resources_of(product)), ""))


def _inline(product: Element, name: str) -> tuple[dict[str, Part], tuple[str, ...]]:
    """Bodies that the XML holds in base64, by kind; the primary one of a kind wins."""
    parts: dict[str, Part] = {}
    problems = []
    elements = children(product, "Content", "Resource")
    pairs = sorted(
        zip(rixml.resources_of(product), elements, strict=True), key=lambda p: not p[0].is_primary
    )
    for resource, element in pairs:
        data = child(element, "Data")
        kind = kind_of(resource.mime_type, resource.name)
        if data is None or not kind or kind in parts:
            continue
        encoded = "".join("".join(data.itertext()).split())
        if not encoded:
            continue
        try:
            content = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            problems.append(
                f"line {data.sourceline}, Data: not base64; {name} holds no {kind} body"
            )
            continue
        parts[kind] = Part(f"{name} ({resource.name or kind})", content)
    return parts, tuple(problems)


def kind_of(mime_type: str, name: str) -> str:
    """pdf, html or txt, by type, else by name; "" for what is no body."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    return _KINDS.get(mime_type.partition(";")[0].strip().lower()) or _KINDS.get(suffix, "")


def _without_reader(found: Note, known: frozenset[str]) -> Note:
    """The reader's address may stand in any text of the delivery."""
    texts = (found.title, found.synopsis, found.disclosures)
    known |= readers("\n".join(texts))
    title, synopsis, disclosures = (redacted(tidy(one), known) for one in texts)
    return replace(found, title=title, synopsis=synopsis, disclosures=disclosures)


def _emptied(found: Note) -> Note:
    """A withdrawn note keeps who and when, and nothing that was withdrawn."""
    issuers = tuple(
        replace(
            one, rating="", rating_words="", prior_rating="", prior_rating_words="",
            rating_action="", target_price=None, prior_target_price=None, target_action="",
            estimate_action="", coverage_action="", price=None, estimates=(),
        )
        for one in found.issuers
    )  # fmt: skip
    return replace(found, synopsis="", disclosures="", issuers=issuers)
