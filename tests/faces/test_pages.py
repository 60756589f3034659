from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from summaries.models import Citation, Fact, Stock
from tests.factories import (
    make_citation,
    make_claim,
    make_document,
    make_fact,
    make_filing,
    make_published_summary,
    make_stock,
    make_summary,
    make_text_document,
)

HTMX = {"HX-Request": "true"}


def text(client: Client, path: str, status: int = 200, **more: object) -> str:
    response = client.get(path, **more)  # type: ignore[arg-type]
    assert response.status_code == status
    return " ".join(response.content.decode().split())


# The list


def test_empty_database_says_what_to_run(advisor: Client) -> None:
    assert "make run" in text(advisor, "/")


def test_covered_stocks_come_first(advisor: Client) -> None:
    make_stock("AAA")
    make_filing(make_stock("MMM"))
    make_published_summary(make_stock("ZZZ"))
    page = text(advisor, "/")
    assert page.index("ZZZ") < page.index("MMM") < page.index("AAA")
    assert "Zzz Corp took in $1.2bn in 2024." in page
    assert "Filings loaded, not yet summarised" in page
    assert "No filings loaded" in page


def test_search_by_ticker_or_name(advisor: Client) -> None:
    make_stock("AAA", name="Alpha")
    make_stock("BBB", name="Beta")
    page = text(advisor, "/?q=alp")
    assert "Alpha" in page
    assert "Beta" not in page


def test_the_very_ticker_comes_before_all_else(advisor: Client) -> None:
    make_published_summary(make_stock("AB"))
    make_stock("A")
    page = text(advisor, "/?q=a")
    assert page.index('"/stocks/A/"') < page.index('"/stocks/AB/"')


def test_sector_filter(advisor: Client) -> None:
    make_stock("AAA", sector="Energy")
    make_stock("BBB", sector="Materials")
    page = text(advisor, "/?sector=Energy")
    assert "/stocks/AAA/" in page
    assert "/stocks/BBB/" not in page
    assert '<option value="Energy" selected>Energy (1)</option>' in page


def test_no_result_says_what_to_do(advisor: Client) -> None:
    make_stock()
    page = text(advisor, "/?q=<nothing>")
    assert "No stock matches “&lt;nothing&gt;”" in page
    assert "Show all stocks" in page


def test_pages_keep_the_filter(advisor: Client) -> None:
    for number in range(41):
        make_stock(f"T{number}", sector="Energy")
    page = text(advisor, "/?sector=Energy")
    assert "Page 1 of 2" in page
    assert "?sector=Energy&amp;page=2" in page
    assert "/stocks/T9/" in text(advisor, "/?sector=Energy&page=99")


def test_htmx_gets_the_rows_alone(advisor: Client) -> None:
    make_stock()
    response = advisor.get("/", headers=HTMX)
    assert response.content.lstrip().startswith(b'<section id="stocks"')
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_queries_do_not_grow(
    advisor: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(rows):
        make_published_summary(make_stock(f"T{number}"))
    # session, user, two for permissions; count, stocks, summaries, hooks, sectors
    with django_assert_num_queries(8):
        advisor.get("/")


def test_list_marks_old_figures(advisor: Client) -> None:
    make_summary(make_stock(), data_through=date(2019, 12, 31))
    page = text(advisor, "/")
    assert '<span class="caution"><time datetime="2019-12-31">31 Dec 2019</time>' in page


# A stock


def test_stock_page_shows_text_figures_and_dates(advisor: Client) -> None:
    summary = make_published_summary()
    page = text(advisor, "/stocks/ACME/")
    citation = Citation.objects.filter(claim__summary=summary, claim__tier="hook").get()
    assert f'href="/citations/{citation.pk}/"' in page
    assert "<b>1,234,000,000 USD</b>" in page
    assert "us-gaap:Revenues" in page
    assert "All 3 sentences supported" in page
    assert "31 Dec 2024</time>, filed <time" in page
    assert "10-K filed 14 Feb 2025" in page


def test_a_ticker_in_small_letters_is_sent_on(advisor: Client) -> None:
    make_stock()
    response = advisor.get("/stocks/acme/")
    assert (response.status_code, response["Location"]) == (302, "/stocks/ACME/")


@pytest.mark.parametrize(
    ("asked", "meant"), [("ACMEE", "ACME"), ("acm", "ACME"), ("Acme Co", "ACME")]
)
def test_unknown_ticker_suggests(advisor: Client, asked: str, meant: str) -> None:
    make_stock()
    page = text(advisor, f"/stocks/{asked}/", 404)
    assert "Did you mean…" in page
    assert f'href="/stocks/{meant}/"' in page


def test_unknown_ticker_without_anything_like_it(advisor: Client) -> None:
    make_stock()
    assert "Look for it by the company’s name" in text(advisor, "/stocks/QQQXYZ/", 404)


def test_held_text_waits_behind_the_last_good_one(advisor: Client, operator: Client) -> None:
    stock = make_stock()
    make_published_summary(stock, version=1)
    held = make_summary(stock, version=2, state="held")
    make_claim(held, "Nobody may read this yet.")
    page = text(advisor, "/stocks/ACME/")
    assert "A newer summary waits for review." in page
    assert "took in $1.2bn" in page
    assert "contradicted: " not in page
    assert held.state_reason not in page
    assert "Nobody may read this yet" not in page
    assert held.state_reason in text(operator, "/stocks/ACME/")


def test_an_older_held_text_is_not_mentioned(advisor: Client) -> None:
    stock = make_stock()
    make_summary(stock, version=1, state="held")
    make_published_summary(stock, version=2)
    assert "waits for review" not in text(advisor, "/stocks/ACME/")


def test_not_enough_data_says_why(advisor: Client) -> None:
    make_stock(coverage="not_enough", coverage_reason="Only one quarter is reported.")
    page = text(advisor, "/stocks/ACME/")
    assert "Not enough data for a summary." in page
    assert "Only one quarter is reported." in page


def test_not_yet_summarised(advisor: Client) -> None:
    stock = make_stock()
    assert "No filings of this company are loaded yet" in text(advisor, "/stocks/ACME/")
    make_fact(make_filing(stock))
    page = text(advisor, "/stocks/ACME/")
    assert "Not yet summarised." in page
    assert "Reported figures" in page


def test_a_filing_date_before_the_figures_is_not_theirs(advisor: Client) -> None:
    make_summary(make_stock(), data_through=date(2025, 3, 31), filed=date(2025, 2, 14))
    assert "filing date not in the source" in text(advisor, "/stocks/ACME/")


def test_every_verdict_has_its_word(operator: Client) -> None:
    held = make_summary(make_stock(), state="held")
    for place, verdict in enumerate(("contradicted", "not_found", "not_checkable", "supported")):
        make_claim(held, f"Sentence {place}.", tier="medium", position=place, verdict=verdict)
    page = text(operator, "/stocks/ACME/history/1/")
    for words in ("1 sentence contradicted", "1 sentence not found", "1 sentence not checkable"):
        assert words in page


@pytest.mark.parametrize("copies", [1, 3])
def test_stock_queries_do_not_grow(
    advisor: Client, django_assert_num_queries: DjangoAssertNumQueries, copies: int
) -> None:
    summary = make_published_summary()
    first = Citation.objects.filter(claim__tier="medium").get()
    for place in range(1, copies):
        claim = make_claim(summary, first.claim.text, tier="medium", position=place)
        Citation.objects.create(
            claim=claim, position=0, document=first.document, fact=first.fact, start=first.start,
            end=first.end, quote=first.quote, claim_start=first.claim_start,
            claim_end=first.claim_end,
        )  # fmt: skip
    # session, user, two for permissions; stock, summary, claims, citations, findings, held, facts,
    # notes, filings and their documents
    with django_assert_num_queries(13):
        advisor.get("/stocks/ACME/")


# Evidence


def test_citation_marks_the_quote_and_the_figure(advisor: Client) -> None:
    make_published_summary()
    citation = Citation.objects.filter(claim__tier="hook").get()
    page = text(advisor, f"/citations/{citation.pk}/")
    assert f'<mark class="quote">{citation.quote}</mark>' in page
    assert '<mark class="cited">$1.2bn</mark>' in page
    assert "10-K, filed 14 Feb 2025" in page
    assert "https://www.sec.gov/Archives/edgar/data/1750/" in page


def test_citation_as_a_part(advisor: Client) -> None:
    make_published_summary()
    response = advisor.get(f"/citations/{Citation.objects.all()[0].pk}/", headers=HTMX)
    assert b"<html" not in response.content
    assert b"data-close-evidence" in response.content


def test_derived_figure_shows_formula_and_all_it_rests_on(advisor: Client) -> None:
    filing = make_filing(make_stock())
    now = make_fact(filing, 1_234_000_000)
    then = make_fact(filing, 1_000_000_000, start=date(2023, 1, 1), end=date(2023, 12, 31))
    document = make_document(filing)
    claim = make_claim(make_summary(Stock.objects.get()), "Revenue grew 23.4% to $1.2bn.")
    formula = "(1.23bn - 1.00bn) / 1.00bn"
    growth = make_citation(claim, then, document, "23.4%", formula=formula)
    plain = make_citation(claim, now, document, "$1.2bn", position=1, formula="1.23bn")
    page = text(advisor, f"/citations/{growth.pk}/")
    assert "Derived</span> (1.23bn − 1.00bn) / 1.00bn" in page
    assert "The sentence also rests on" in page
    assert page.count('<p class="proof-value">') == 2
    assert "Derived" not in text(advisor, f"/citations/{plain.pk}/")


def test_fact_page_shows_its_line(advisor: Client) -> None:
    filing = make_filing(make_stock())
    make_fact(filing)
    make_document(filing)
    page = text(advisor, f"/facts/{Fact.objects.get().pk}/")
    assert '<mark class="quote">Revenue [us-gaap:Revenues]' in page


def test_document_with_and_without_a_span(advisor: Client) -> None:
    document = make_text_document("Before.\n<b>Revenue</b> 5.\nAfter.\n")
    marked = text(advisor, f"/documents/{document.pk}/?start=8&end=22")
    assert '<mark class="quote" id="quote">&lt;b&gt;Revenue&lt;/b&gt;</mark>' in marked
    for query in ("", "?start=5&end=5", "?start=1&end=9999", "?start=x&end=3", "?start=²&end=3"):
        assert "<mark" not in text(advisor, f"/documents/{document.pk}/{query}")


# History


def test_history_shows_what_changed(advisor: Client) -> None:
    stock = make_stock()
    old = make_summary(stock, version=1, state="superseded")
    new = make_summary(stock, version=2)
    make_summary(stock, version=3, state="held")
    make_claim(old, "Revenue fell.")
    make_claim(new, "Revenue rose.")
    page = text(advisor, "/stocks/ACME/history/")
    assert "Revenue <del>fell.</del> <ins>rose.</ins>" in page
    assert "The first version." in page
    assert "Version 3" not in page
    assert "A newer text has taken its place." in text(advisor, "/stocks/ACME/history/1/")


def test_history_of_nothing(advisor: Client) -> None:
    make_stock()
    assert "Nothing has been published" in text(advisor, "/stocks/ACME/history/")


# Errors and signing in


def test_own_not_found_page(advisor: Client) -> None:
    page = text(advisor, "/nothing/", 404)
    assert "There is no such page." in page
    assert "To the list of stocks" in page


def test_own_forbidden_page(advisor: Client) -> None:
    response = advisor.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "The admin is for the operators." in response.content.decode()


def test_own_csrf_page(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/sign-in/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "The form was too old" in response.content.decode()


def test_own_broken_page(advisor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("summaries.views.stocks.listed", broken)
    advisor.raise_request_exception = False
    page = text(advisor, "/", 500)
    assert "Something broke on our side." in page
    assert "secret words" not in page


def test_signed_in_pages_are_nobody_elses_to_keep(advisor: Client) -> None:
    make_stock()
    assert advisor.get("/")["Cache-Control"] == "private, no-cache"
