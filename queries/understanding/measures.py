"""The words by which somebody asks for a figure. Data: add a phrase here, and it is understood.

Beside the phrases that the verifier reads stand those that people type.
"""

from __future__ import annotations

from collections.abc import Mapping

from queries.understanding.words import Hit, Phrases, Said
from summaries.measures import CATALOGUE
from summaries.verification.names import MEASURES
from summaries.verification.terms import Negated, Plain, Term

# Quotients that the verifier knows and the catalogue doesn't: numerator, denominator.
DERIVED: Mapping[str, tuple[str, str]] = {
    "debt_to_equity": ("borrowings", "equity"),
    "current_ratio": ("current_assets", "current_liabilities"),
}
MARGINS = ("gross_margin", "operating_margin", "net_margin")

# Words of the verifier that in a question more often mean something else.
_NOT_ASKED = frozenset("operations claims exploration premium lending rent loss losses".split())
_TYPED: dict[str, str] = {
    "revenue": "top line growth, sales growth, sells, rev, revs, turnover",
    "operating_margin": "operating margins, ebit margin, op margin, operating profitability",
    "operating_income": "ebit, op income",
    "net_income": "made money, make money, money it made, earn, earned, earns, profitable, losing money, net loss,"
    " net losses",
    "diluted_eps": "earnings per share, eps, earnings a share",
    "free_cash_flow": "fcf, free cash, cash generation, free cashflow",
    "operating_cash_flow": "cash flow, cash flows, cashflow, operating cashflow, ocf",
    "capital_expenditure": "cap ex, capex, capital expenditures, investment in plant",
    "buybacks": "buy back, bought back, buying back, repurchased, repurchase",
    "dividends_paid": "dividends, dividend payments",
    "dividend_per_share": "dividend, dividend rate, pay a dividend, paid a dividend",
    "diluted_shares": "shares outstanding, number of shares, share count, dilution",
    "return_on_equity": "roe, return on equity",
    "return_on_assets": "roa",
    "research_and_development": "r&d, research spending, research costs, research budget",
    "sales_and_administration": "sga, sg&a, overhead",
    "borrowings": "debt, borrowing, debts, indebtedness, debt load",
    "debt_to_equity": "debt/equity, debt to equity, d/e, leverage, gearing, debt equity ratio,"
    " leverage ratio, indebted",
    "current_ratio": "current ratio, liquidity ratio",
    "tax_rate": "effective tax rate, tax rate",
    "payout_ratio": "payout ratio, dividend cover",
    "free_cash_flow_margin": "fcf margin, cash margin, free cash flow margins",
    "net_margin": "profitability, profit margin, profit margins, net profit margin",
    "gross_margin": "gross margins",
    "cash": "cash pile, cash position, cash on the balance sheet, cash balance",
    "equity": "book value, shareholders equity, stockholders equity",
    "stock_compensation": "sbc, stock comp, stock based compensation, share based compensation",
    "deferred_revenue": "deferred revenues",
    "remaining_obligations": "backlog, rpo",
    "credit_provision": "loan losses, credit losses, provisions",
    "net_interest_income": "nii",
    "inventory": "stock levels, inventory levels",
}
_GROUPS: dict[str, tuple[str, ...]] = {
    "margin": MARGINS,
    "margins": MARGINS,
    "results": ("revenue", "operating_income", "net_income", "diluted_eps"),
    "financials": ("revenue", "operating_income", "net_income", "free_cash_flow"),
    "fundamentals": ("revenue", "operating_margin", "net_income", "free_cash_flow"),
    "balance sheet": ("total_assets", "cash", "borrowings", "equity"),
    "shareholder returns": ("dividends_paid", "buybacks"),
    "capital returns": ("dividends_paid", "buybacks"),
    "return to shareholders": ("dividends_paid", "buybacks"),
    "returned to shareholders": ("dividends_paid", "buybacks"),
    "costs": ("cost_of_revenue", "operating_expenses"),
    "expenses": ("operating_expenses",),
}
# Longer phrases that hold a figure's name and ask for no figure.
_NO_FIGURE = (
    "earnings call, earnings calls, earnings date, earnings dates, earnings release, earnings"
    " report, earnings season, earnings guidance, earnings quality, sales force, sales team, sales"
    " channel, sales channels, sales tax, sales practices, profit sharing, profit warning, debt"
    " covenants, debt maturities, debt maturity, debt ceiling, dividend policy, revenue recognition,"
    " revenue mix, revenue streams, revenue model, revenue sources, revenue concentration, goodwill"
    " impairment, inventory management, equity method, equity incentive, equity awards, tax dispute,"
    " cash management, cash pooling, loan portfolio, deposit insurance, capital spending plans"
)
# Figures that none of our sources has; with what comes near.
UNHELD: Mapping[str, tuple[str, ...]] = {
    "net debt": ("borrowings", "cash"),
    "net cash": ("cash", "borrowings"),
    "operating leverage": ("operating_margin",),
    "price to cash flow": ("operating_cash_flow",),
    "price to free cash flow": ("free_cash_flow",),
    "free cash flow yield": ("free_cash_flow",),
    "fcf yield": ("free_cash_flow",),
    "earnings yield": ("diluted_eps",),
    "earnings surprise": ("diluted_eps",),
    "peg ratio": ("diluted_eps",),
    "quick ratio": ("current_ratio",),
    "inventory turnover": ("inventory", "cost_of_revenue"),
    "asset turnover": ("revenue", "total_assets"),
    "cash conversion cycle": ("inventory", "receivables"),
    "days sales outstanding": ("receivables", "revenue"),
    "revenue per employee": ("revenue",),
    "revenue per share": ("revenue", "diluted_shares"),
    "book value per share": ("equity", "diluted_shares"),
    "cash per share": ("cash", "diluted_shares"),
    "free cash flow per share": ("free_cash_flow", "diluted_shares"),
    "assets under management": (),
    "adjusted eps": ("diluted_eps",),
    "adjusted earnings per share": ("diluted_eps",),
    "non-gaap eps": ("diluted_eps",),
    "non-gaap earnings": ("net_income",),
    "adjusted earnings": ("net_income",),
    "adjusted ebitda": ("operating_income", "depreciation"),
    "adjusted operating margin": ("operating_margin",),
    "p/e": ("diluted_eps",),
    "pe ratio": ("diluted_eps",),
    "price to earnings": ("diluted_eps",),
    "price earnings ratio": ("diluted_eps",),
    "market cap": ("diluted_shares",),
    "market capitalization": ("diluted_shares",),
    "market capitalisation": ("diluted_shares",),
    "dividend yield": ("dividend_per_share",),
    "ebitda": ("operating_income", "depreciation"),
    "ebitda margin": ("operating_margin", "depreciation"),
    "ev/ebitda": ("operating_income", "depreciation"),
    "enterprise value": ("borrowings", "cash"),
    "roic": ("return_on_equity", "return_on_assets"),
    "return on invested capital": ("return_on_equity", "return_on_assets"),
    "price to book": ("equity",),
    "price to sales": ("revenue",),
    "number of employees": (),
    "headcount": (),
    "market share": ("revenue",),
    "organic growth": ("revenue",),
    "beta": (),
    "short interest": (),
    "credit rating": ("borrowings", "debt_to_equity"),
    "same store sales": ("revenue",),
    "comparable sales": ("revenue",),
    "interest coverage": ("operating_income", "interest_expense"),
    "churn": (),
    "arr": ("revenue",),
    "segment revenue": ("revenue",),
}


def _key_of(term: Term) -> str:
    match term:
        case Plain(key):
            return key
        case Negated(of):
            return _key_of(of)
    return ""


def _entries() -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for phrase, term in MEASURES.items():
        if (key := _key_of(term)) and phrase not in _NOT_ASKED:
            known[phrase] = (key,)
    for key, listed in _TYPED.items():
        known |= {phrase.strip(): (key,) for phrase in listed.split(",")}
    for measure in CATALOGUE.values():
        known.setdefault(measure.name.lower(), (measure.key,))
    without = {phrase.strip(): () for phrase in _NO_FIGURE.split(",")}
    return {**known, **_GROUPS, **without}


_KNOWN: Phrases[tuple[str, ...]] = Phrases(_entries().items())
_UNHELD: Phrases[str] = Phrases((phrase, phrase) for phrase in UNHELD)


def measures_of(
    said: Said, taken: Mapping[int, object]
) -> tuple[list[Hit[tuple[str, ...]]], list[Hit[str]]]:
    """Figures asked for, and those that nobody here holds; the longer of two phrases wins."""
    known, unheld = _KNOWN.find(said, taken), _UNHELD.find(said, taken)
    sizes = {at: hit.last - hit.first for hit in known for at in range(hit.first, hit.last)}
    kept = [
        hit
        for hit in unheld
        if all(hit.last - hit.first >= sizes.get(at, 0) for at in range(hit.first, hit.last))
    ]
    used = {at for hit in kept for at in range(hit.first, hit.last)}
    figures = [hit for hit in known if hit.value]
    return [hit for hit in figures if used.isdisjoint(range(hit.first, hit.last))], kept
