"""What matters for each kind of company: topics in reading order, with their weight.

The weight says what to drop first where words are short; the order is the order
of the text.
"""

from __future__ import annotations

from collections.abc import Iterable

from summaries.profiles import Profile
from summaries.writing import balance, cash, history, topics
from summaries.writing.topics import Sentence, Topic, grew, spent_on
from summaries.writing.view import View

Menu = tuple[tuple[int, Topic], ...]


def _grew(key: str, name: str) -> Topic:
    def topic(view: View) -> Sentence | None:
        return grew(view, key, name) or topics.against(view, key, name)

    return topic


RESEARCH = spent_on("research_and_development", "research_intensity", "research and development")
SELLING = spent_on(
    "sales_and_administration",
    "administration_intensity",
    "selling, general and administrative costs",
)
INVESTING = spent_on("capital_expenditure", "capital_intensity", "capital expenditure")
STOCK_PAY = spent_on(
    "stock_compensation", "stock_compensation_intensity", "stock-based compensation"
)


def _ratio(key: str, name: str) -> Topic:
    def topic(view: View) -> Sentence | None:
        return topics.moved_to(view, key, name)

    return topic


_PAST = (
    (5, history.extreme("operating_margin", "the operating margin", ratio=True)),
    (5, history.extreme("revenue", "revenue", ratio=False)),
    (4, history.average("operating_margin", "the operating margin")),
    (4, history.average("gross_margin", "gross margin")),
    (4, history.compound_growth),
    (3, history.streak),
)
_PEERS = (
    (6, history.beside_sector("operating_margin", "the operating margin")),
    (5, history.beside_sector("revenue_growth", "revenue growth")),
    (3, history.beside_sector("gross_margin", "gross margin")),
    (3, history.beside_sector("net_margin", "the net margin")),
)
_REST = (
    (3, balance.current_ratio),
    (2, balance.balance("total_assets", "total assets")),
    (2, balance.liabilities),
    (2, balance.balance("receivables", "receivables")),
    (1, balance.balance("property", "property, plant and equipment")),
    (1, balance.balance("goodwill", "goodwill")),
    (1, _grew("depreciation", "depreciation and amortization")),
    (1, _grew("interest_expense", "interest expense")),
    (1, _grew("income_tax", "income tax expense")),
    (1, _grew("pretax_income", "pre-tax income")),
    (1, _grew("cost_of_revenue", "cost of revenue")),
    (1, balance.balance("current_liabilities", "current liabilities")),
    (1, balance.balance("retained_earnings", "retained earnings")),
    (1, balance.balance("equity", "shareholders' equity")),
    (1, balance.balance("long_term_debt", "long-term debt")),
    (1, balance.balance("short_term_investments", "short-term investments")),
    (1, balance.balance("investment_property", "investment property")),
    (1, balance.balance("current_debt", "debt due within a year")),
    (1, balance.balance("current_assets", "current assets")),
    (1, balance.deficit),
    (1, _grew("operating_expenses", "operating expenses")),
    (1, _grew("administration", "general and administrative expense")),
    (1, _grew("stock_compensation", "stock-based compensation")),
    (1, _grew("investment_income", "investment income")),
    (1, topics.tax_rate),
    (1, _ratio("net_margin", "the net margin")),
)
_RESULTS = (
    (10, topics.revenue),
    (8, topics.operating_income),
    (9, topics.net_income),
    (7, topics.earnings_per_share),
)
_CASH = (
    (8, cash.free_cash_flow),
    (6, balance.cash_and_debt),
    (6, cash.payouts),
    (4, cash.dividend_per_share),
    (3, cash.share_count),
    (4, balance.negative_equity),
    (3, balance.equity_share),
)

_OWN: dict[Profile, Menu] = {
    Profile.BANK: (
        (9, _grew("net_interest_income", "net interest income")),
        (7, _grew("noninterest_income", "non-interest income")),
        (8, _grew("credit_provision", "the provision for credit losses")),
        (7, _grew("noninterest_expense", "non-interest expense")),
        (6, _ratio("efficiency_ratio", "the efficiency ratio")),
        (8, balance.balance("deposits", "deposits")),
        (6, balance.loans_and_deposits),
        (6, _ratio("return_on_equity", "return on equity")),
        (4, _ratio("return_on_assets", "return on assets")),
    ),
    Profile.INSURER: (
        (9, _grew("premiums", "premiums earned")),
        (9, _ratio("claims_ratio", "the claims ratio")),
        (6, _grew("claims_incurred", "claims incurred")),
        (5, balance.balance("claims_payable", "claims payable")),
        (5, _grew("investment_income", "investment income")),
        (5, _ratio("return_on_equity", "return on equity")),
    ),
    Profile.REAL_ESTATE: (
        (8, _grew("rental_income", "rental income")),
        (8, balance.balance("investment_property", "investment property")),
        (6, _grew("property_operating_cost", "property operating cost")),
        (6, _grew("interest_expense", "interest expense")),
        (6, balance.balance("long_term_debt", "long-term debt")),
        (5, INVESTING),
    ),
    Profile.PAYMENTS: (
        (7, SELLING),
        (6, _ratio("net_margin", "the net margin")),
        (4, topics.tax_rate),
        (4, _ratio("return_on_equity", "return on equity")),
    ),
    Profile.SOFTWARE: (
        (7, topics.gross_margin),
        (8, RESEARCH),
        (6, STOCK_PAY),
        (6, balance.balance("deferred_revenue", "deferred revenue")),
        (6, balance.balance("remaining_obligations", "remaining performance obligations")),
        (5, _ratio("free_cash_flow_margin", "the free cash flow margin")),
    ),
    Profile.SEMICONDUCTORS: (
        (8, topics.gross_margin),
        (8, RESEARCH),
        (6, balance.balance("inventory", "inventory")),
        (4, INVESTING),
        (3, SELLING),
    ),
    Profile.RETAIL: (
        (7, topics.gross_margin),
        (7, balance.balance("inventory", "inventory")),
        (6, SELLING),
        (6, INVESTING),
        (4, _ratio("net_margin", "the net margin")),
    ),
    Profile.PHARMA: (
        (8, RESEARCH),
        (6, topics.gross_margin),
        (6, SELLING),
        (5, balance.deficit),
        (5, balance.balance("long_term_debt", "long-term debt")),
    ),
    Profile.ENERGY: (
        (8, INVESTING),
        (5, _grew("depreciation", "depreciation and amortization")),
        (5, _grew("exploration", "exploration expense")),
        (6, balance.balance("long_term_debt", "long-term debt")),
        (4, SELLING),
    ),
    Profile.RAIL: (
        (8, _ratio("operating_ratio", "the operating ratio")),
        (7, INVESTING),
        (6, balance.balance("long_term_debt", "long-term debt")),
        (5, balance.balance("property", "property, plant and equipment")),
    ),
    Profile.UTILITY: (
        (8, INVESTING),
        (7, balance.balance("long_term_debt", "long-term debt")),
        (6, _grew("interest_expense", "interest expense")),
        (5, balance.balance("property", "property, plant and equipment")),
    ),
    Profile.INDUSTRIAL: (
        (7, topics.gross_margin),
        (6, RESEARCH),
        (5, SELLING),
        (5, balance.balance("inventory", "inventory")),
        (5, INVESTING),
        (4, topics.tax_rate),
        (3, balance.balance("long_term_debt", "long-term debt")),
        (3, balance.deficit),
    ),
}
# A bank's operating cash flow and gross margin say nothing of it.
_NOT_FOR_BANKS = {cash.free_cash_flow, balance.current_ratio, topics.gross_margin}


def menu(profile: Profile) -> Menu:
    """The topics for a company of this kind, each once, in the order of the text."""
    listed = _once((*_RESULTS, *_OWN[profile], *_CASH, *_PAST, *_PEERS, *_REST))
    if profile is Profile.BANK:
        listed = [pair for pair in listed if pair[1] not in _NOT_FOR_BANKS]
    return tuple(listed)


def _once(pairs: Iterable[tuple[int, Topic]]) -> list[tuple[int, Topic]]:
    return list({topic: (weight, topic) for weight, topic in reversed(list(pairs))}.values())[::-1]
