"""RIXML 2.1, 2.4 and 2.5: what the metadata of a note says.

One walk for all versions: they differ in namespace and in where a rating stands. Names the public
evidence doesn't confirm are read where they are and missed nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from summaries.sources.bluematrix.notes import Analyst, Resource, Status
from summaries.sources.bluematrix.redaction import bare
from summaries.sources.bluematrix.statuses import status_of
from summaries.sources.bluematrix.xmltree import (
    Element,
    attribute,
    child,
    children,
    descendants,
    lines,
    local,
    moment,
    text,
    wrong,
    yes,
)  # fmt: skip

NAMESPACES = {
    "http://www.rixml.org/2005/3/RIXML": "2.1",
    "http://www.rixml.org/2013/2/RIXML": "2.4",
    "http://www.rixml.org/2017/9/RIXML": "2.5",
}
_UNIT = re.compile(r"\((?:[A-Z]{0,3}\s?[$€£¥]\s?)(K|M|MM|B|BN)\)")


@dataclass(frozen=True)
class Moments:
    """When a note was published and when it got its status; whether the first is sure."""

    published_at: datetime
    published_certain: bool
    status_at: datetime


@dataclass(frozen=True)
class State:
    """``words``: the status as said; ``version``: the publisher's own, "" without one."""

    status: Status
    words: str
    said_at: str
    version: str
    element: Element


def product_of(root: Element, name: str) -> tuple[Element, tuple[str, ...]]:
    """The note of a RIXML document, and what is odd about the document. Raises Malformed."""
    namespace = etree.QName(root).namespace or ""
    if local(root) != "Research" or (namespace and "rixml.org" not in namespace.lower()):
        raise wrong(root, name, "not RIXML; expected Research in a namespace of www.rixml.org")
    products = children(root, "Product")
    if not products:
        raise wrong(root, name, "has no Product")
    problems = []
    if namespace not in NAMESPACES:
        problems.append(f"unknown RIXML namespace {namespace or '(none)'}; read as far as known")
    if len(products) > 1:
        problems.append(f"holds {len(products)} products; only the first is read")
    return products[0], tuple(problems)


def state_of(product: Element, name: str, zone: ZoneInfo) -> State:
    """The current status. Raises Malformed without one, or for one that is unknown."""
    said = children(product, "StatusInfo")
    if not said:
        raise wrong(product, name, "has no StatusInfo, so nobody knows whether it may be read")
    current = [one for one in said if yes(one, "currentStatusIndicator")] or said
    last = max(enumerate(current), key=lambda pair: (_when(pair[1], zone), pair[0]))[1]
    words = attribute(last, "statusType")
    status = status_of(words)
    if status is None:
        raise wrong(last, name, f"unknown statusType {words!r}")
    return State(status, words, attribute(last, "statusDateTime"), text(last, "Version"), last)


def _when(info: Element, zone: ZoneInfo) -> float:
    read = moment(attribute(info, "statusDateTime"), zone)
    return read[0].timestamp() if read else float("-inf")


def moments_of(root: Element, product: Element, state: State, name: str, zone: ZoneInfo) -> Moments:
    """Raises Malformed where a time can't be read, or none is there."""
    details = child(product, "Context", "ProductDetails")
    status_at = _moment(state.element, "statusDateTime", name, zone)
    published = _moment(details, "publicationDateTime", name, zone)
    created = _moment(root, "createDateTime", name, zone)
    at = status_at or published or created
    if at is None:
        raise wrong(
            product, name, "says no time: statusDateTime, publicationDateTime, createDateTime"
        )
    if published is None:
        return Moments(at[0], False, at[0])
    return Moments(published[0], published[1], at[0])


def _moment(
    element: Element | None, key: str, name: str, zone: ZoneInfo
) -> tuple[datetime, bool] | None:
    said = attribute(element, key)
    if not said:
        return None
    read = moment(said, zone)
    if read is None:
        raise wrong(element, name, f"{key} is {said!r}; expected a time like 2026-01-31T09:30:00Z")
    return read


@dataclass(frozen=True)
class Identity:
    """``product``: productID, else researchID. ``document``: BlueMatrix's own number."""

    product: str
    document: str


def identity_of(root: Element, product: Element) -> Identity:
    details = child(product, "Context", "ProductDetails")
    own = (attribute(one, "bluematrixDocID") for one in (root, product, details))
    document = next((said for said in own if said), text(product, "bluematrixDocID"))
    said = attribute(product, "productID") or attribute(root, "researchID")
    return Identity(said, document)


def publisher_of(product: Element) -> tuple[str, str]:
    """The publisher's name and identifier, "" where unknown."""
    found = children(product, "Source", "Organization")
    organization = next((one for one in found if yes(one)), found[0] if found else None)
    wanted = ("publisherdefined", "lei", "factset", "bloomberg")
    numbers = {
        attribute(one, "idType").lower(): attribute(one, "idValue") or text(one)
        for one in reversed(children(organization, "OrganizationID"))
    }
    identifier = next((numbers[kind] for kind in wanted if numbers.get(kind)), "")
    return text(organization, "OrganizationName"), identifier or next(iter(numbers.values()), "")


def analysts_of(product: Element) -> tuple[Analyst, ...]:
    """In the publisher's order; each person once."""
    members = children(product, "Source", "Organization", "PersonGroup", "PersonGroupMember")
    found = [analyst for member in members if (analyst := _analyst(member)).name]
    found.sort(key=lambda one: (one.sequence is None, one.sequence or 0))
    return tuple(dict.fromkeys(found))


def _analyst(member: Element) -> Analyst:
    person = child(member, "Person")
    contact = child(person, "ContactInfo")
    spelled = f"{text(person, 'GivenName')} {text(person, 'FamilyName')}".strip()
    sequence = attribute(member, "sequence")
    return Analyst(
        name=text(person, "DisplayName") or spelled,
        email=text(contact, "Email"),
        phone=" ".join(" ".join(one.itertext()) for one in children(contact, "Phone")[:1]).strip(),
        title=text(person, "JobTitle"),
        is_primary=yes(member),
        sequence=int(sequence) if sequence.isdecimal() else None,
    )


def synopsis_of(product: Element) -> str:
    """Abstract and synopsis, each once."""
    content = child(product, "Content")
    said = (lines(content, name) for name in ("Abstract", "Synopsis"))
    return "\n\n".join(dict.fromkeys(one for one in said if one))


def category_of(product: Element) -> str:
    details = child(product, "Context", "ProductDetails")
    enumerated = attribute(
        child(details, "ProductCategory"), "publisherDefinedValue", "productCategory"
    )
    return text(details, "ProductName") or enumerated


def tags_of(product: Element) -> list[tuple[str, str]]:
    """(name, value) of the publisher's own tags."""
    return [
        (text(tag, "Name"), text(value, "Name") or text(value))
        for tag in descendants(child(product, "Context"), "Tag")
        for value in children(tag, "TagValue")
    ]


def subject_of(product: Element) -> str:
    """The publisher's main subject, else the first subject of the classification."""
    main = next((value for name, value in tags_of(product) if name.lower() == "main subject"), "")
    subjects = descendants(child(product, "Context"), "Subject")
    return main or next(
        (
            said
            for one in subjects
            if (said := attribute(one, "publisherDefinedValue", "subjectValue"))
        ),
        "",
    )


def unit_of(product: Element) -> str:
    """The scale that the note's figures of a company are in: "M" for a tag that says ($M)."""
    found = (_UNIT.search(f"{name} {value}") for name, value in tags_of(product))
    return next((one.group(1) for one in found if one), "")


def access_of(root: Element) -> str:
    said = (text(one) or attribute(one, "accessType") for one in descendants(root, "AccessType"))
    return next((word for word in said if word), attribute(child(root, "Product"), "accessType"))


def disclosures_of(product: Element) -> str:
    legal = (lines(one) for one in descendants(product, "Legal"))
    return "\n\n".join(dict.fromkeys(one for one in legal if one))


def resources_of(product: Element) -> tuple[Resource, ...]:
    return tuple(_resource(one) for one in children(product, "Content", "Resource"))


def _resource(element: Element) -> Resource:
    size = attribute(element, "sizeInBytes")
    mime = child(element, "MIMEType")
    return Resource(
        resource_id=attribute(element, "resourceID"),
        is_primary=yes(element),
        mime_type=(text(mime) or attribute(mime, "mimeType")).lower(),
        name=text(element, "Name"),
        language=attribute(element, "language"),
        size=int(size) if size.isdecimal() else None,
        url=bare(text(element, "URL")),
        is_inline=bool(text(element, "Data")[:1]),
    )
