"""The ChangeFeed on a real server, with everything that can go wrong; its login shows nowhere."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from fa_site.broker import connection
from fa_site.pace import Pace
from summaries.sources.bluematrix import (
    ChangeFeed,
    Conventions,
    Note,
    Status,
    change_feed,
    note,
)  # fmt: skip
from summaries.sources.errors import (
    Blocked,
    Malformed,
    Missing,
    Refused,
    SourceError,
    Unavailable,
)  # fmt: skip
from tests.sources.bluematrix_site import (
    FIRM,
    HELP,
    LOGIN,
    NOW,
    PASSWORD,
    Document,
    Site,
    bluematrix,
    cut,
    instead,
    native,
)  # fmt: skip
from tests.sources.rixml_notes import PRODUCT, RixmlNote

RIXML = Document.of(RixmlNote(stem="25203.501"))
_OPEN: list[ChangeFeed] = []


@pytest.fixture(autouse=True)
def _closed_afterwards() -> Iterator[None]:
    yield
    while _OPEN:
        _OPEN.pop().web.client.close()


def feed(site: Site, **given: Any) -> ChangeFeed:
    usual: dict[str, Any] = {"firm": FIRM, "login": LOGIN, "password": PASSWORD}
    usual |= {"pace": None, "seconds": 2.0, "attempts": 2, "first_pause": 0.01}
    made = ChangeFeed(site.url, **usual | given)
    _OPEN.append(made)
    return made


def read(site: Site, **given: Any) -> list[Note]:
    return [note(document.read()) for document in feed(site, **given).changes()]


def test_rixml_comes_with_its_pdf() -> None:
    with bluematrix(RIXML) as site:
        (one,) = read(site)
    assert (one.source_id, one.also_known_as) == ("25203.501", ("25203.501", PRODUCT))
    assert (one.status, one.body.kind, one.problems) == (Status.PUBLISHED, "pdf", ())
    assert one.entitlement == "bluematrix:25203"


def test_listing_is_asked_since_the_sources_own_clock() -> None:
    with bluematrix(RIXML, Document("502", files={"XML": native()})) as site:
        first, last = feed(site).changes()
        assert (first.cursor, last.cursor) == ("", NOW)
        list(feed(site).changes(last.cursor))
        asked = [one.query for one in site.loopback.asked]
    assert "timeframe" not in asked[0]
    assert asked[1]["timeframe"] == [NOW]
    assert asked[1]["mode"] + asked[1]["param"] == ["content", "full"]


def test_cursor_of_a_clock_with_an_offset_is_as_the_source_takes_it() -> None:
    with bluematrix(RIXML) as site:
        site.now = "2026-03-02T16:00:00.00-05:00"
        (one,) = feed(site).changes()
        assert one.cursor == NOW


def test_native_xml_says_ratings_targets_and_companies() -> None:
    with bluematrix(Document(files={"XML": native()})) as site:
        (one,) = read(site)
    assert (one.title, one.category, one.subject) == (
        "Two chip makers, one cycle", "Multi Company Note", "Estimate Change",
    )  # fmt: skip
    assert one.published_at == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
    assert (one.published_certain, one.source_id) == (False, "25203.79910")
    first, second = one.issuers
    assert (first.ticker, first.rating_words, first.prior_rating_words) == ("NVDA", "Buy", "Hold")
    assert (first.target_price, first.prior_target_price) == (Decimal("1045.00"), Decimal("900.50"))
    assert (first.rating_action, first.target_action) == ("Upgrade", "Increase")
    assert (second.ticker, second.target_price, second.is_primary) == ("AMD", Decimal("120"), False)


def test_firms_own_numbers_are_conventions() -> None:
    with bluematrix(Document(files={"XML": native(rating="116", subject="33")})) as site:
        (usual,) = read(site)
        (own,) = read(site, conventions=Conventions(rating="116", subject="33"))
    assert (usual.issuers[0].rating_words, usual.subject) == ("", "")
    assert (own.issuers[0].rating_words, own.subject) == ("Buy", "Estimate Change")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Recalled", Status.RECALLED), ("Deleted", Status.DELETED),
        ("Not Published", Status.NOT_PUBLISHED),
    ],
)  # fmt: skip
def test_withdrawn_document_comes_as_a_note_though_its_body_is_gone(
    said: str, status: Status
) -> None:
    with bluematrix(Document("501", said, files={"XML": b"gone"})) as site:
        (one,) = read(site)
        assert len(site.loopback.asked) == 1
    assert (one.source_id, one.status) == ("25203.501", status)
    assert one.status_at == datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    assert (one.body.text, one.issuers, one.entitlement) == ("", (), "bluematrix:25203")


def test_recall_is_heard_without_the_listings_clock() -> None:
    with bluematrix(Document("501", "Recalled")) as site:
        site.now = ""
        (document,) = feed(site).changes()
        one = note(document.read())
    assert (one.status, document.cursor) == (Status.RECALLED, "")
    assert one.status_at.year >= 2026


def test_what_is_not_released_is_not_published() -> None:
    with bluematrix(Document.of(RixmlNote(), released="false")) as site:
        (one,) = read(site)
    assert (one.status, one.body.text) == (Status.NOT_PUBLISHED, "")


def test_lifecycle_keeps_one_identity_and_orders_itself() -> None:
    document = Document("501", files={"XML": native()})
    heard = []
    with bluematrix(document) as site:
        for hour, status in enumerate(("Published", "Republished", "Recalled", "Recalled"), 16):
            document.status, site.now = status, f"2026-03-02T{hour}:00:00"
            heard += read(site)
    assert [one.status for one in sorted(heard, key=lambda one: one.status_at)] == [
        Status.PUBLISHED, Status.REVISED, Status.RECALLED, Status.RECALLED,
    ]  # fmt: skip
    assert {one.source_id for one in heard} == {"25203.501"}
    assert len({one.version for one in heard}) == 4
    assert heard[2].raw_sha256 == heard[3].raw_sha256


def test_same_document_twice_is_one_and_its_note_the_same() -> None:
    with bluematrix(RIXML, RIXML) as site:
        (one,) = read(site)
        site.now = "2026-03-02T17:00:00"
        assert read(site) == [one]


def test_unknown_status_is_malformed_for_that_document_alone() -> None:
    with bluematrix(Document("7", "Ripening"), RIXML) as site:
        first, second = feed(site).changes()
        with pytest.raises(
            Malformed, match="document 7 is listed with the unknown status 'Ripening'"
        ):
            first.read()
        assert note(second.read()).title == RixmlNote().title


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"status": 503}, Unavailable), ({"status": 500}, Unavailable), ({"hang": 5.0}, Unavailable),
        ({"status": 429, "headers": {"Retry-After": "9"}}, Blocked), ({"status": 403}, Refused),
        ({"status": 404}, Missing), ({"status": 400}, Refused),
        ({"body": b"x" * 9000, "pause": 0.1}, Unavailable),
        ({"body": b"", "content_type": "text/xml"}, Malformed),
        ({"body": b"\x00\x01garbage"}, Malformed), ({"body": b'{"a": 1}'}, Malformed),
        ({"body": HELP}, SourceError),
    ],
    ids="503 500 silent 429 403 404 400 drip empty garbage json page".split(),
)  # fmt: skip
@pytest.mark.parametrize("place", ["listing", "xml"])
def test_faults_say_what_they_are(
    place: str, changed: dict[str, object], kind: type[SourceError]
) -> None:
    with bluematrix(RIXML) as site:
        site.spoil = instead(place, **changed)
        with pytest.raises(kind) as caught:
            read(site, seconds=0.5)
        times = 2 if kind is Unavailable else 1
        assert len(site.loopback.asked) == times + (place == "xml")
    if changed == {"body": HELP}:
        assert caught.value.permanent
    assert caught.value.source == "bluematrix"


@pytest.mark.parametrize("place", ["listing", "xml", "pdf"])
def test_answer_cut_off_may_come_whole_later(place: str) -> None:
    with bluematrix(RIXML) as site:
        site.spoil = cut(place, 150)
        with pytest.raises(Unavailable):
            read(site)
        if place != "pdf":
            # Cut before it was sent: the length says nothing, only the XML's missing end does.
            site.spoil = lambda at, answer: (
                replace(answer, body=answer.body[:150]) if at == place else answer
            )
            with pytest.raises(Unavailable, match="cut off in the middle"):
                read(site)
        site.spoil = lambda at, answer: answer
        assert len(read(site)) == 1


def test_help_page_and_sign_in_page_are_refused() -> None:
    with bluematrix(RIXML) as site:
        with pytest.raises(Refused, match="help page"):
            list(feed(site, firm="1").changes())
        with pytest.raises(Refused, match="sign-in page; check FA_BLUEMATRIX_FIRM"):
            list(feed(site, password="wrong-one").changes())
        site.spoil = instead("listing", body=b"<Help><Mode>content</Mode></Help>")
        with pytest.raises(Refused, match="Help and no Content"):
            list(feed(site).changes())


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"status": 404}, "BlueMatrix has no such document"),
        (
            {"body": b"<html>Sorry</html>", "content_type": "text/html"},
            "text/html came where the PDF",
        ),
        ({"status": 403}, "BlueMatrix refused the login"),
    ],
)
def test_body_that_cant_be_had_is_said_and_the_next_one_read(
    changed: dict[str, object], says: str
) -> None:
    with bluematrix(Document.of(RixmlNote(listed=("pdf", "txt")))) as site:
        site.spoil = instead("pdf", **changed)
        (one,) = read(site)
    assert one.body.kind == "txt"
    assert says in one.problems[0]


def test_body_that_is_away_makes_the_note_wait() -> None:
    with bluematrix(RIXML) as site:
        site.spoil = instead("pdf", status=503)
        with pytest.raises(Unavailable):
            read(site)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/docs/xml/1", "file:///etc/passwd", "https://evil.example/x"]
)
def test_address_elsewhere_is_not_followed(address: str) -> None:
    with bluematrix(RIXML) as site:
        here = f"{site.loopback.url}/docs/xml/501"
        listing = site.listing().replace(here, address).encode()
        site.spoil = instead("listing", body=listing)
        with pytest.raises(Refused, match="outside BlueMatrix"):
            read(site)


def test_being_sent_elsewhere_is_refused() -> None:
    with bluematrix(RIXML) as site, bluematrix(RIXML) as other:
        there = {
            "Location": f"{other.loopback.url}/docs/xml/501?login={LOGIN}&password={quote(PASSWORD)}"
        }
        site.spoil = instead("xml", status=302, headers=there)
        with pytest.raises(Refused, match="sent us on to an address outside"):
            read(site)


def test_only_https_is_asked() -> None:
    for url in (
        "http://firm.bluematrix.com/x",
        "https://me:pw@firm.bluematrix.com/x",
        "https://f/x?password=p",
    ):
        with pytest.raises(Refused, match="FA_BLUEMATRIX_URL must be an https address"):
            ChangeFeed(url, FIRM, LOGIN, PASSWORD, pace=None)


def test_block_is_kept_by_all_workers() -> None:
    connection().delete("fa:pace:bm-test:turn", "fa:pace:bm-test:hold")
    pace = Pace("bm-test", per_second=2, longest_wait=3)
    with bluematrix(RIXML) as site:
        site.spoil = instead("listing", status=429, headers={"Retry-After": "30"})
        for _ in range(2):
            with pytest.raises(Blocked):
                list(feed(site, pace=pace).changes())
        assert len(site.loopback.asked) == 1


def test_pace_is_two_a_second() -> None:
    connection().delete("fa:pace:bluematrix:turn", "fa:pace:bluematrix:hold")
    with bluematrix(RIXML) as site:
        usual = ChangeFeed(site.url, FIRM, LOGIN, PASSWORD)
        _OPEN.append(usual)
        for document in usual.changes():
            document.read()
        times = [one.at for one in site.loopback.asked]
    assert len(times) == 3
    assert times[-1] - times[0] >= 0.95


def _shows(words: str) -> bool:
    return any(form in words for form in (PASSWORD, quote(PASSWORD), quote_plus(PASSWORD), LOGIN))


@pytest.mark.parametrize(
    "changed",
    [
        {"status": 503}, {"status": 403}, {"status": 404}, {"cut": 10}, {"hang": 3.0}, {"body": HELP},
        {"status": 302, "headers": {"Location": "http://[broken"}},
        {"status": 302, "headers": {"Location": f"gopher://x/?password={quote(PASSWORD)}"}},
        {"body": f"<x>{PASSWORD}".encode()}, {},
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["listing", "xml"])
def test_login_shows_in_nothing_that_is_kept(
    place: str, changed: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    shown = []
    with bluematrix(RIXML) as site:
        site.spoil = instead(place, **changed)
        ours = feed(site, seconds=0.5)
        shown.append(repr(ours))
        try:
            for document in ours.changes():
                bundle = document.read()
                shown += [
                    repr(document),
                    str(document),
                    repr(bundle),
                    repr(note(bundle)),
                    document.cursor,
                ]
        except SourceError as error:
            shown.append("".join(traceback.format_exception(error)))
            # Error reports follow what came before an error even where a traceback doesn't.
            below: BaseException | None = error
            while below:
                shown.append(repr(below))
                below = below.__cause__ or below.__context__
        assert site.loopback.asked
    assert len(shown) > 1
    assert not _shows("\n".join(shown))
    assert not _shows(caplog.text)


def test_feed_by_settings(settings: object) -> None:
    assert change_feed() is None
    given = {
        "URL": "https://firm.bluematrix.com/sellside/ChangeFeed.action",
        "FIRM": "1",
        "LOGIN": LOGIN,
    }
    for name, value in {**given, "PASSWORD": PASSWORD, "TIME_ZONE": "Europe/London"}.items():
        setattr(settings, f"BLUEMATRIX_{name}", value)
    made = change_feed()
    assert made is not None
    _OPEN.append(made)
    assert (made.firm, made.conventions) == ("1", Conventions("Europe/London"))
    assert not _shows(repr(made))
