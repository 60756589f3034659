"""Sentences about what a company owns and owes at the end of the period."""

from __future__ import annotations

from decimal import Decimal

from summaries.writing import numbers
from summaries.writing.topics import Sentence, Topic, sentence
from summaries.writing.view import FLAT, View


def cash_and_debt(view: View) -> Sentence | None:
    cash, debt = view.figure("cash"), view.figure("long_term_debt")
    if cash is None or cash.value <= 0:
        return None
    held = view.money(cash)
    if debt is None or debt.value <= 0:
        shapes = [
            f"{view.noun} held {held} in cash and equivalents {view.closing}.",
            f"{view.closing}, cash and equivalents stood at {held}.",
        ]
        return sentence("cash", view.choose("cash", shapes), cash)
    owed = view.money(debt)
    shapes = [
        f"{view.closing}, {view.noun} held {held} in cash and equivalents against long-term debt of {owed}.",
        f"cash and equivalents were {held} {view.closing}, and long-term debt was {owed}.",
        f"it ended the period with {held} in cash and equivalents and {owed} of long-term debt.",
    ]
    return sentence("cash", view.choose("cash", shapes), cash, debt)


def balance(key: str, name: str) -> Topic:
    """A balance and what it was before."""

    def topic(view: View) -> Sentence | None:
        now, earlier = view.figure(key), view.balance_before(key)
        if now is None or now.value <= 0:
            return None
        to = view.money(now)
        if earlier is None or earlier[0].value <= 0:
            return sentence(key, f"{name} stood at {to} {view.closing}.", now)
        then, at = earlier
        was, change = view.money(then), now.value / then.value - 1
        when = view.when(at)
        if was == to or abs(change) < FLAT:
            return sentence(key, f"{name} stood at {to} {view.closing}.", now)
        by = numbers.percent(abs(change))
        shapes = [
            f"{name} stood at {to} {view.closing}, against {was} {when}.",
            f"{view.closing}, {name} had {'risen' if change > 0 else 'fallen'} {by} to {to} from {was} {when}.",
            f"{name} {view.verb(change)} to {to} {view.closing} from {was} {when}.",
        ]
        return sentence(key, view.choose(key, shapes), now, then)

    return topic


def deficit(view: View) -> Sentence | None:
    retained = view.figure("retained_earnings")
    if retained is None or retained.value >= 0:
        return None
    text = f"the accumulated deficit was {view.money(retained)} {view.closing}."
    return sentence("retained_earnings", text, retained)


def equity_share(view: View) -> Sentence | None:
    equity, assets = view.figure("equity"), view.figure("total_assets")
    if equity is None or assets is None or equity.value <= 0 or assets.value <= 0:
        return None
    part = numbers.percent(equity.value / assets.value)
    shapes = [
        f"shareholders' equity of {view.money(equity)} was equal to {part} of total assets.",
        f"total assets were {view.money(assets)}, of which shareholders' equity made up {part}.",
    ]
    return sentence("equity", view.choose("equity", shapes), equity, assets)


def negative_equity(view: View) -> Sentence | None:
    equity = view.figure("equity")
    if equity is None or equity.value >= 0:
        return None
    text = f"shareholders' equity was negative at -{view.money(equity)} {view.closing}."
    return sentence("equity", text, equity)


def current_ratio(view: View) -> Sentence | None:
    assets, debts = view.figure("current_assets"), view.figure("current_liabilities")
    if assets is None or debts is None or assets.value <= 0 or debts.value <= 0:
        return None
    times = (assets.value / debts.value).quantize(Decimal("0.1"))
    if times < 1:
        text = f"current assets of {view.money(assets)} were {times} times current liabilities of {view.money(debts)}."
        return sentence("working_capital", text, assets, debts)
    shapes = [
        f"current assets of {view.money(assets)} covered current liabilities of {view.money(debts)} {times} times.",
        f"current assets were {view.money(assets)}, or {times} times current liabilities of {view.money(debts)}.",
    ]
    return sentence("working_capital", view.choose("working_capital", shapes), assets, debts)


def liabilities(view: View) -> Sentence | None:
    owed, assets = view.figure("total_liabilities"), view.figure("total_assets")
    if owed is None or assets is None or assets.value <= 0 or owed.value <= 0:
        return None
    part = numbers.percent(owed.value / assets.value)
    text = (
        f"total liabilities of {view.money(owed)} were equal to {part} of total assets "
        f"of {view.money(assets)}."
    )
    return sentence("total_liabilities", text, owed, assets)


def loans_and_deposits(view: View) -> Sentence | None:
    loans, deposits = view.figure("loans"), view.figure("deposits")
    if loans is None or deposits is None or deposits.value <= 0:
        return None
    part = numbers.percent(loans.value / deposits.value)
    text = (
        f"{view.closing}, loans of {view.money(loans)} were equal to {part} of deposits "
        f"of {view.money(deposits)}."
    )
    return sentence("loans", text, loans, deposits)
