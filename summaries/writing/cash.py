"""Sentences about the cash a company makes and what its shareholders get of it."""

from __future__ import annotations

from summaries.writing import numbers
from summaries.writing.topics import Sentence, against, sentence
from summaries.writing.view import FLAT, View


def free_cash_flow(view: View) -> Sentence | None:
    operating, spending = view.figure("operating_cash_flow"), view.figure("capital_expenditure")
    free = view.figure("free_cash_flow")
    if operating is None:
        return None
    if operating.value <= 0:
        return sentence(
            "operating_cash_flow",
            f"{view.noun} used {view.money(operating)} of cash in operations.",
            operating,
        )
    if spending is None or free is None or spending.value <= 0 or free.value <= 0:
        return against(view, "operating_cash_flow", "operating cash flow")
    flow, capex, left = view.money(operating), view.money(spending), view.money(free)
    shapes = [
        f"operating cash flow of {flow} and capital expenditure of {capex} left free cash flow of {left}.",
        f"free cash flow was {left}, after capital expenditure of {capex}.",
        f"cash from operations was {flow}, and free cash flow of {left} remained after "
        f"capital expenditure of {capex}.",
    ]
    return sentence(
        "operating_cash_flow", view.choose("free_cash_flow", shapes), operating, spending
    )


def payouts(view: View) -> Sentence | None:
    buybacks, dividends = view.figure("buybacks"), view.figure("dividends_paid")
    bought = buybacks if buybacks and buybacks.value > 0 else None
    paid = dividends if dividends and dividends.value > 0 else None
    if bought and paid:
        shapes = [
            f"{view.noun} bought back {view.money(bought)} of its shares and paid {view.money(paid)} in dividends.",
            f"shareholders received {view.money(paid)} in dividends, and share buybacks came to {view.money(bought)}.",
            f"it spent {view.money(bought)} on share buybacks and {view.money(paid)} on dividends.",
        ]
        return sentence("payouts", view.choose("payouts", shapes), bought, paid)
    if bought:
        return sentence("payouts", f"it spent {view.money(bought)} on share buybacks.", bought)
    if paid:
        return sentence("payouts", f"{view.noun} paid {view.money(paid)} in dividends.", paid)
    return None


def dividend_per_share(view: View) -> Sentence | None:
    now, then = view.figure("dividend_per_share"), view.prior("dividend_per_share")
    if now is None or now.value <= 0 or then is None or then.value <= 0:
        return None
    to, was = view.share(now), view.share(then)
    if to == was:
        return sentence("dividend_per_share", f"the dividend was {to} per share.", now)
    change = now.value - then.value
    text = f"the dividend per share {view.verb(change)} to {to} from {was}."
    return sentence("dividend_per_share", text, now, then)


def share_count(view: View) -> Sentence | None:
    pair, growth = view.pair("diluted_shares"), view.growth("diluted_shares")
    if pair is None or growth is None or abs(growth.value) < FLAT * 5:
        return None
    by, to = numbers.percent(abs(growth.value)), numbers.count(pair[0].value)
    text = f"the diluted share count {view.verb(growth.value)} {by} to {to}."
    return sentence("diluted_shares", text, *pair)
