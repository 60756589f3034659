"""RIXML read into notes: versions of the format, ratings, companies, bad XML."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summaries.sources.bluematrix import (
    Bundle,
    Conventions,
    NotedEstimate,
    NotedIssuer,
    Part,
    SecurityId,
    Status,
    conventions,
    note,
)  # fmt: skip
from summaries.sources.bluematrix.figures import number, plain_ticker
from summaries.sources.errors import Malformed, Refused
from tests.sources.bluematrix_site import native
from tests.sources.rixml_notes import NAMESPACES, PRODUCT, Company, Figure, RixmlNote, target


def bundle(made: RixmlNote | bytes, **given: object) -> Bundle:
    xml = made if isinstance(made, bytes) else made.xml()
    numbers = {"firm_id": "25203", "document_id": "79910", **given}
    return Bundle("25203.79910", Part("25203.79910.xml", xml), **numbers)  # type: ignore[arg-type]


def issuer(company: Company) -> NotedIssuer:
    (found,) = note(bundle(RixmlNote(companies=(company,)))).issuers
    return found


@pytest.mark.parametrize("version", sorted(NAMESPACES))
def test_each_version_of_rixml_says_the_same(version: str) -> None:
    # 2.1 has the rating under SecurityType.
    company = Company(under_type=version == "2.1", prior=("NeutralSentiment", "Neutral"))
    read = note(bundle(RixmlNote(namespace=NAMESPACES[version], companies=(company,))))
    assert read.problems == ()
    assert (read.source_id, read.status) == (PRODUCT, Status.PUBLISHED)
    assert read.also_known_as == (PRODUCT, "25203.79910")
    assert read.published_at == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
    assert read.published_certain
    assert (read.publisher, read.publisher_id) == ("Harbor Lane Securities", "25203")
    assert read.entitlement == "bluematrix:25203"
    assert (read.category, read.subject) == ("Company Note", "Company Update")
    assert (read.language, read.access) == ("eng", "Public")
    assert read.disclosures == "Harbor Lane makes a market in the shares named here."
    assert [(one.name, one.is_primary, one.sequence) for one in read.analysts] == [
        ("Mara Quill", True, 1),
        ("Tomas Reed", False, 2),
    ]
    assert read.analysts[0].email == "m.quill@harborlane.example"
    assert read.issuers == (
        NotedIssuer(
            is_primary=True, name="Apple Inc.",
            tickers=(SecurityId("Bloomberg", "AAPL US"), SecurityId("ISIN", "US0378331005")),
            ticker="AAPL", exchange="US", isin="US0378331005", cusip="",
            rating="PositiveSentiment", rating_words="Overweight",
            prior_rating="NeutralSentiment", prior_rating_words="Neutral",
            rating_action="Reiterate", target_price=Decimal("245.00"), prior_target_price=None,
            currency="USD", target_action="", estimate_action="", coverage_action="",
            price=Decimal("212.4861"), estimates=(),
        ),
    )  # fmt: skip


def test_unknown_namespace_of_rixml_is_read_with_a_problem() -> None:
    read = note(bundle(RixmlNote(namespace="http://www.rixml.org/2031/1/RIXML")))
    assert read.issuers[0].ticker == "AAPL"
    assert "unknown RIXML namespace http://www.rixml.org/2031/1/RIXML" in read.problems[0]


def test_other_xml_is_malformed_and_named() -> None:
    with pytest.raises(Malformed, match=r"25203\.79910\.xml, line 1, rss: not RIXML"):
        note(bundle(b"<rss><channel/></rss>"))
    with pytest.raises(Malformed, match="not RIXML"):
        note(bundle(b'<Research xmlns="http://example.com/x"><Product/></Research>'))


@pytest.mark.parametrize(
    "action",
    "Upgrade Downgrade Reiterate Initiate Drop Revise Suspend Resume Transfer PublisherDefined".split(),
)
def test_rating_action_is_kept_as_said(action: str) -> None:
    assert issuer(Company(action=action)).rating_action == action


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Published", Status.PUBLISHED), ("Released", Status.PUBLISHED),
        ("Rebroadcast", Status.PUBLISHED), ("Revised", Status.REVISED),
        ("MetadataUpdate", Status.REVISED), ("RevisedTagsOnly", Status.REVISED),
        ("Recalled", Status.RECALLED), ("Deleted", Status.DELETED),
        ("Pending", Status.NOT_PUBLISHED), ("RecalledByCompliance", Status.RECALLED),
    ],
)  # fmt: skip
def test_status_means_what_it_says(said: str, status: Status) -> None:
    assert note(bundle(RixmlNote(status=said))).status is status


def test_unknown_status_is_malformed_and_named() -> None:
    with pytest.raises(Malformed, match=r"line 4, StatusInfo: unknown statusType 'Ripening'"):
        note(bundle(RixmlNote(status="Ripening")))
    with pytest.raises(Malformed, match="PublishedInside"):
        note(bundle(RixmlNote(status="PublishedInside")))


def test_history_of_statuses_leaves_the_current_one() -> None:
    history = (
        ("Published", "2026-03-02T10:00:00Z", "No"),
        ("Revised", "2026-03-02T20:00:00Z", "No"),
    )
    read = note(bundle(RixmlNote(status="Recalled", more_status=history)))
    assert (read.status, read.status_at.hour) == (Status.RECALLED, 14)


def test_several_current_statuses_leave_the_latest() -> None:
    history = (("Recalled", "2026-03-02T20:00:00Z", "Yes"),)
    assert note(bundle(RixmlNote(more_status=history))).status is Status.RECALLED


def test_withdrawn_note_keeps_no_word_of_what_was_withdrawn() -> None:
    read = note(bundle(RixmlNote(status="Recalled"), pdf=Part("a.pdf", b"%PDF-")))
    assert (read.body.text, read.synopsis, read.disclosures) == ("", "", "")
    assert (read.issuers[0].ticker, read.issuers[0].target_price) == ("AAPL", None)
    assert (read.issuers[0].rating, read.issuers[0].rating_words) == ("", "")


def test_time_without_offset_is_the_publishers_and_uncertain() -> None:
    made = RixmlNote(published_at="2026-07-01T09:30:00")
    read = note(bundle(made))
    assert (read.published_at, read.published_certain) == (
        datetime(2026, 7, 1, 13, 30, tzinfo=UTC),
        False,
    )
    london = note(bundle(made, conventions=Conventions("Europe/London")))
    assert london.published_at == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)


def test_time_that_is_none_is_malformed_and_missing_one_is_that_of_the_status() -> None:
    with pytest.raises(Malformed, match=r"ProductDetails: publicationDateTime is 'soon'"):
        note(bundle(RixmlNote(published_at="soon")))
    read = note(bundle(RixmlNote(published_at="")))
    assert (read.published_at, read.published_certain) == (read.status_at, False)


def test_industry_note_has_all_its_companies_primary_first() -> None:
    companies = tuple(
        Company(name=f"Company {place}", identifiers=(("BlueMatrixSymbol", f"AB{place}"),),
                is_primary=place == 17, words=f"Word {place}", figures=(target(f"{place}.50"),))
        for place in range(1, 25)
    )  # fmt: skip
    read = note(bundle(RixmlNote(companies=companies)))
    assert len(read.issuers) == 24
    assert [one.ticker for one in read.issuers][:3] == ["AB17", "AB1", "AB2"]
    assert read.issuers[0].target_price == Decimal("17.50")
    assert read.issuers[24 - 1].rating_words == "Word 24"


def test_prior_and_current_are_told_apart() -> None:
    one = issuer(
        Company(rating="NeutralSentiment", words="Hold", prior=("PositiveSentiment", "Buy"),
                action="Downgrade", target_action="Decrease", coverage_action="Resume",
                figures=(target("220", "Prior"), target("180.25", "Current")))
    )  # fmt: skip
    assert (one.rating_words, one.prior_rating_words) == ("Hold", "Buy")
    assert (one.target_price, one.prior_target_price) == (Decimal("180.25"), Decimal("220"))
    assert (one.target_action, one.coverage_action) == ("Decrease", "Resume")


def test_absent_target_and_rating_are_absent() -> None:
    one = issuer(Company(rating="", figures=(Figure("Price", "0.8861", "AUD"),)))
    assert (one.rating, one.rating_words, one.target_price) == ("", "", None)
    assert (one.price, one.currency) == (Decimal("0.8861"), "AUD")


def test_target_in_several_currencies_is_that_of_the_price_and_said() -> None:
    figures = (
        target("310", currency="CAD"),
        target("225"),
        target("200", "Prior"),
        Figure("Price", "212"),
    )
    read = note(bundle(RixmlNote(companies=(Company(figures=figures),))))
    one = read.issuers[0]
    assert (one.target_price, one.prior_target_price, one.currency) == (
        Decimal("225"), Decimal("200"), "USD",
    )  # fmt: skip
    assert any("also given in CAD" in problem for problem in read.problems)


def test_prior_target_in_another_currency_is_not_compared() -> None:
    figures = (target("225"), target("300", "Prior", "CAD"))
    read = note(bundle(RixmlNote(companies=(Company(figures=figures),))))
    assert read.issuers[0].prior_target_price is None
    assert any("prior target price isn't given in USD" in problem for problem in read.problems)


def test_letters_of_a_credit_agency_are_not_the_analysts_opinion() -> None:
    agency = '<Rating rating="TopRating"><RatingEntity ratingEntity="Moodys"/></Rating>'
    xml = RixmlNote().xml().replace(b"<AssetClass", agency.encode() + b"<AssetClass")
    assert note(bundle(xml)).issuers[0].rating_words == "Overweight"


def test_estimates_by_period_with_what_they_were_before() -> None:
    eps = Figure("EPS", "8.10", period="Annual", year="2026", estimate="Estimate")
    company = Company(
        figures=(eps, replace(eps, value="7.95", when="Prior"), replace(eps, value="(0.02)", period="Q3"),
                 replace(eps, value="6.13", year="2024", estimate="Actual"),
                 Figure("PublisherDefined", "1.5", period="Annual", year="2027", own_word="FCF yield ratio"),
                 Figure("PublisherDefined", "9.9", period="Annual", year="2027", own_word="Core EPS")),
        company_figures=(Figure("Revenue", "412,500", period="Annual", year="2026", estimate="Estimate"),
                         Figure("EBITDA", "lots", period="Annual", year="2026", estimate="Estimate"),
                         Figure("NetIncome", "1", estimate="Estimate")),
    )  # fmt: skip
    read = note(bundle(RixmlNote(companies=(company,), tags=(("Scale", "($M)"),))))
    assert read.issuers[0].estimates == (
        NotedEstimate("EPS", "FY2026", 2026, None, Decimal("8.10"), Decimal("7.95"), "USD", ""),
        NotedEstimate("EPS", "Q3 2026", 2026, None, Decimal("-0.02"), None, "USD", ""),
        NotedEstimate("Core EPS", "FY2027", 2027, None, Decimal("9.9"), None, "USD", ""),
        NotedEstimate("Revenue", "FY2026", 2026, None, Decimal("412500"), None, "USD", "M"),
    )
    assert [problem.partition(": ")[2] for problem in read.problems] == [
        "'lots' is no number",
        "NetIncome says no period",
    ]


def test_period_of_a_calendar_year_and_of_an_end() -> None:
    xml = RixmlNote().xml().replace(
        b"</Security>",
        b'<SecurityFinancials securityFinancialsType="EPS" yearType="Calendar"><FinancialValue '
        b'estimateActual="Estimate" period="Annual" periodYear="2026" '
        b'periodEnd="2026-12-31T00:00:00Z">5</FinancialValue></SecurityFinancials></Security>', 1,
    )  # fmt: skip
    (one,) = note(bundle(xml)).issuers[0].estimates
    assert (one.period, one.fiscal_year, one.period_end) == ("CY2026", None, date(2026, 12, 31))


@pytest.mark.parametrize(
    ("identifiers", "ticker", "exchange"),
    [
        ([("Bloomberg", "AAPL US Equity")], "AAPL", "US"),
        ([("Bloomberg", "BRK/B US")], "BRK-B", "US"),
        ([("RIC", "AAPL.OQ")], "AAPL", "OQ"),
        ([("RIC", "BRKb.N")], "BRK-B", "N"),
        ([("RIC", "IBM")], "IBM", ""),
        ([("BlueMatrixSymbol", "brk.b")], "BRK-B", ""),
        ([("BlueMatrixSymbol", "NASDAQ:MSFT")], "MSFT", "NASDAQ"),
        ([("BlueMatrixSymbol", "X1"), ("RIC", "BHP.AX"), ("Bloomberg", "BHP AU")], "BHP", "AU"),
        ([("ISIN", "US0378331005")], "", ""),
        ([("Bloomberg", "!!")], "", ""),
        ([], "", ""),
    ],
)
def test_ticker_is_plain(identifiers: list[tuple[str, str]], ticker: str, exchange: str) -> None:
    assert plain_ticker(tuple(SecurityId(*one) for one in identifiers)) == (ticker, exchange)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("45.00", "45.00"), ("$1,250.50", "1250.50"), ("US$ 45", "45"), ("(0.12)", "-0.12"),
        ("-3", "-3"), ("−3.5", "-3.5"), ("0.8861", "0.8861"), ("45.00 USD", "45.00"), ("1.5E3", "1500"),
        ("45,00", None), ("1,2,3", None), ("10-12", None), ("(5", None), ("NaN", None), ("", None),
        ("Infinity", None), ("n/a", None), ("9" * 50, None),
    ],
)  # fmt: skip
def test_number_is_what_is_printed_or_none(printed: str, value: str | None) -> None:
    assert number(printed) == (None if value is None else Decimal(value))


def test_security_numbers_are_taken_by_their_shape() -> None:
    one = issuer(Company(identifiers=(("CUSIP", "037833100"), ("ISIN", "not one"))))
    assert (one.cusip, one.isin, one.ticker) == ("037833100", "", "")


_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><Research><Product>&i;</Product></Research>"
).encode()
_XXE = b'<?xml version="1.0"?>\n<!-- x --><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><Research>&x;</Research>'
_WHOLE = RixmlNote().xml()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (_LAUGHS, "has a DOCTYPE"),
        (_XXE, "has a DOCTYPE"),
        (
            _LAUGHS.decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"),
            "has a DOCTYPE",
        ),
        (b"<Research>" + b" " * 50_000_000 + b"</Research>", "is 50 MB"),
        (b"<Research>" + b"x" * 11_000_000 + b"</Research>", "not well-formed XML"),
        (b"<a>" * 5000 + b"</a>" * 5000, "not well-formed XML"),
        (_WHOLE[:700], "not well-formed XML: line"),
        (_WHOLE.replace(b"Apple", b"Appl\xe9"), "not well-formed XML: line"),
        (
            _WHOLE.replace(b"UTF-8", b"ISO-8859-1").replace(b"Apple", "Applé".encode()),
            "bytes are UTF-8",
        ),
        (_WHOLE.replace(b"UTF-8", b"KLINGON"), "not well-formed XML"),
        (_WHOLE.replace(b"Services", b"&undefined;"), "not well-formed XML"),
        (b"", "is empty"),
        (b"\0\0\0", "is empty"),
        (b"%PDF-1.4 nothing", "not well-formed XML"),
        (bytes(range(256)), "not well-formed XML"),
    ],
    ids="laughs xxe laughs16 large huge deep cut latin1 mislabelled unknown entity empty nul pdf garbage".split(),
)
def test_bad_xml_is_malformed_and_names_its_file(content: bytes, says: str) -> None:
    with pytest.raises(Malformed, match=says) as caught:
        note(bundle(content))
    assert "25203.79910.xml" in str(caught.value)
    assert "root:" not in str(caught.value)


def test_doctype_inside_a_text_is_text() -> None:
    made = RixmlNote().xml().replace(b"Services grow", b"<![CDATA[<!DOCTYPE html>]]>")
    assert note(bundle(made)).synopsis.startswith("<!DOCTYPE html>")


def test_other_encodings_are_read() -> None:
    utf16 = RixmlNote(title="Applé").xml().decode().replace("UTF-8", "UTF-16").encode("utf-16")
    latin = RixmlNote(title="Applé").xml().decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert note(bundle(utf16)).title == note(bundle(latin)).title == "Applé"


def test_same_delivery_has_the_same_identity_and_another_one_has_not() -> None:
    first, again = note(bundle(RixmlNote())), note(bundle(RixmlNote()))
    assert first == again
    second = note(bundle(RixmlNote().revised()))
    third = note(bundle(RixmlNote().revised(title="Apple: corrected in the same second")))
    assert len({first.version, second.version, third.version}) == 3
    assert {one.source_id for one in (first, second, third)} == {PRODUCT}
    recalled = note(
        bundle(RixmlNote().revised(status="Recalled", status_at="2026-03-02T16:00:00Z"))
    )
    arrived = [recalled, third, first]
    assert sorted(arrived, key=lambda one: one.status_at) == [first, third, recalled]


def test_another_body_is_another_version() -> None:
    versions = {
        note(bundle(RixmlNote(), txt=Part("a.txt", text))).version for text in (b"one", b"two")
    }
    assert len(versions) == 2


def test_number_of_one_publisher_is_not_anothers() -> None:
    ours = note(bundle(RixmlNote(product="4711"), firm_id="1", document_id="")).also_known_as
    theirs = note(bundle(RixmlNote(product="4711"), firm_id="2", document_id="")).also_known_as
    assert ours[0] == "1.4711"
    assert not set(ours) & set(theirs)


def test_licence_is_never_nobodys() -> None:
    unnamed = Bundle("x", Part("x.xml", RixmlNote(publisher="").xml().replace(b"HARBOR", b"")))
    assert note(unnamed).entitlement == "bluematrix:unknown"
    named = Bundle("x", Part("x.xml", RixmlNote().xml()))
    assert note(named).entitlement == "bluematrix:HARBOR"


def test_numbers_of_a_firm_are_checked() -> None:
    assert conventions("Europe/London", ["rating=116", "target = 127"]) == Conventions(
        "Europe/London", rating="116", target="127"
    )
    with pytest.raises(Refused, match="FA_BLUEMATRIX_NUMBERS has 'rating'"):
        conventions("Europe/London", ["rating"])


@settings(max_examples=300, deadline=None)
@given(
    made=st.sampled_from([_WHOLE, native()]),
    place=st.integers(0, 5000),
    length=st.integers(0, 60),
    put=st.binary(max_size=12) | st.sampled_from([b'""', b'"-1"', b'"9999-12-31T23:59:59-14:00"']),
)
def test_damaged_xml_is_read_or_malformed_and_nothing_else(
    made: bytes, place: int, length: int, put: bytes
) -> None:
    damaged = made[:place] + put + made[place + length :]
    try:
        said = note(bundle(damaged)).entitlement
    except Malformed as error:
        said = str(error)
    assert "bluematrix:" in said or "25203.79910.xml" in said


def test_long_prologue_is_read_in_no_time() -> None:
    begun = time.monotonic()
    for piece in (b"<?a?>", b"<!--a-->", b"<!--"):
        with pytest.raises(Malformed):
            note(bundle(piece * 20_000))
    assert time.monotonic() - begun < 8


def test_native_xml_without_a_listing_is_published_unless_it_says_otherwise() -> None:
    assert note(bundle(native())).status is Status.PUBLISHED
    said = native().replace(b"<ProductStatus", b'<ProductStatus extendedStatus="Recalled"')
    assert note(bundle(said)).status is Status.RECALLED
    with pytest.raises(Malformed, match="unknown status 'Ripening'"):
        note(bundle(said.replace(b"Recalled", b"Ripening")))
