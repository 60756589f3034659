"""Sentences about one period: each topic a function that finds its figures or says nothing.

A sentence is made only where its figures exist and the words fit them: no
direction where nothing moved, no growth from a loss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from summaries.measures import CATALOGUE
from summaries.writing import numbers
from summaries.writing.view import Figure, View


@dataclass(frozen=True)
class Sentence:
    """A claim in the making: its text, the facts behind it, and what it is about."""

    text: str
    fact_ids: tuple[int, ...]
    cites_benchmark: bool = False
    topic: str = ""


Topic = Callable[[View], Sentence | None]


def sentence(topic: str, text: str, *figures: Figure, benchmark: bool = False) -> Sentence:
    facts = dict.fromkeys(fact for figure in figures for fact in figure.facts)
    return Sentence(text[:1].upper() + text[1:], tuple(facts), benchmark, topic)


def up_or_down(change: Decimal) -> str:
    return "up" if change > 0 else "down"


def more_or_less(change: Decimal) -> str:
    return "more" if change > 0 else "less"


def grew(view: View, key: str, name: str, topic: str = "") -> Sentence | None:
    """ "Net income rose 12.1% to $3.4bn" in one of several shapes."""
    pair, growth = view.pair(key), view.growth(key)
    if pair is None or growth is None:
        return None
    now, then = pair
    change = growth.value
    by, to, was = numbers.percent(abs(change)), view.money(now), view.money(then)
    shapes = [f"{name} {view.verb(change)} {by} to {to}."]
    if to != was:
        shapes += [
            f"{name} came to {to}, {up_or_down(change)} {by} from {was} {view.year_before}.",
            f"{name} reached {to}, compared with {was} {view.year_before}."
            if change > 0
            else f"{name} came to {to}, compared with {was} {view.year_before}.",
        ]
    return sentence(topic or key, view.choose(key, shapes), now, then)


def against(view: View, key: str, name: str, topic: str = "") -> Sentence | None:
    """A level beside the level a year before; works across signs as long as both are positive."""
    now, then = view.figure(key), view.prior(key)
    if now is None or now.value <= 0:
        return None
    to = view.money(now)
    if then is None or then.value <= 0 or view.money(then) == to:
        return sentence(topic or key, f"{name} was {to}.", now)
    was = view.money(then)
    shapes = [
        f"{name} was {to}, against {was} {view.year_before}.",
        f"{name} came to {to} after {was} {view.year_before}.",
        f"{name} stood at {to}, compared with {was} {view.year_before}.",
    ]
    return sentence(topic or key, view.choose(key, shapes), now, then)


def moved_to(view: View, key: str, name: str, topic: str = "") -> Sentence | None:
    """A ratio and how it moved: "Gross margin widened 70 bps to 46.9%"."""
    pair = view.pair(key)
    if pair is None:
        now = view.figure(key)
        text = now and f"{name} was {numbers.percent(now.value)}."
        return sentence(topic or key, text, now) if text and now and now.value > 0 else None
    now, then = pair
    if now.value <= 0 or then.value <= 0:
        return None
    to, was = numbers.percent(now.value), numbers.percent(then.value)
    change = now.value - then.value
    if to == was:
        return sentence(topic or key, f"{name} was {to}.", now)
    direction = view.verb(change)
    shapes = [
        f"{name} was {to}, {up_or_down(change)} from {was} {view.year_before}.",
        f"{name} {direction} to {to} from {was}.",
        f"{name} {direction} {numbers.points(change)} to {to}.",
    ]
    return sentence(topic or key, view.choose(key, shapes), now, then)


# -- results ---------------------------------------------------------------------


def revenue(view: View) -> Sentence | None:
    """The opening of a longer text: it says in full which period it speaks of."""
    pair, growth = view.pair("revenue"), view.growth("revenue")
    if pair is None or growth is None:
        now = view.figure("revenue")
        if now is None or now.value <= 0:
            return without_revenue(view)
        return sentence(
            "revenue",
            f"In {view.full_label}, {view.name} reported revenue of {view.money(now)}.",
            now,
        )
    now, then = pair
    by, to, was = numbers.percent(abs(growth.value)), view.money(now), view.money(then)
    shapes = [
        f"In {view.full_label}, {view.possessive} revenue {view.verb(growth.value)} {by} to {to}.",
        f"{view.name} reported revenue of {to} for {view.full_label}, "
        f"{up_or_down(growth.value)} {by} from {view.before_label}.",
        f"{view.possessive} revenue was {to} in {view.full_label}, "
        f"{by} {more_or_less(growth.value)} than {view.in_before}.",
    ]
    if to != was:
        shapes.append(
            f"For {view.full_label}, {view.name} reported revenue of {to}, "
            f"{up_or_down(growth.value)} {by} from {was} {view.year_before}."
        )
    return sentence("revenue", view.choose("revenue", shapes), now, then)


def without_revenue(view: View) -> Sentence | None:
    """The opening for a company that reports no revenue."""
    for key, gain, loss in (
        ("net_income", "net income", "a net loss"),
        ("operating_income", "operating income", "an operating loss"),
    ):
        now, then = view.figure(key), view.prior(key)
        if now is None or now.value == 0:
            continue
        told, to = gain if now.value > 0 else loss, view.money(now)
        text = f"for {view.full_label}, {view.name} reported {told} of {to}"
        if then and then.value * now.value > 0 and view.money(then) != to:
            text += f", against {view.money(then)} {view.year_before}"
            return sentence(key, f"{text}.", now, then)
        return sentence(key, f"{text}.", now)
    return None


def operating_income(view: View) -> Sentence | None:
    profit, margin = view.pair("operating_income"), view.pair("operating_margin")
    growth = view.growth("operating_income")
    if profit is None or margin is None or growth is None:
        return operating_loss(view) or against(view, "operating_income", "operating income")
    to, by = view.money(profit[0]), numbers.percent(abs(growth.value))
    share, was = numbers.percent(margin[0].value), numbers.percent(margin[1].value)
    change = margin[0].value - margin[1].value
    verb = view.verb(growth.value)
    shapes = [f"operating income {verb} {by} to {to}, which is {share} of revenue."]
    if share != was:
        moved = "widened" if change > 0 else "narrowed"
        shapes += [
            f"operating income {verb} {by} to {to}, and the operating margin {moved} to {share} from {was}.",
            f"operating income of {to} was equal to {share} of revenue, against {was} {view.year_before}.",
            f"the operating margin was {share}, {up_or_down(change)} from {was} {view.year_before}, "
            f"on operating income of {to}.",
        ]
    return sentence("operating_income", view.choose("operating_income", shapes), *profit, *margin)


def operating_loss(view: View) -> Sentence | None:
    now, then = view.figure("operating_income"), view.prior("operating_income")
    return _loss(view, "operating_income", "operating", now, then)


def net_income(view: View) -> Sentence | None:
    now, then = view.figure("net_income"), view.prior("net_income")
    if now is None:
        return None
    if now.value <= 0 or (then and then.value <= 0):
        return _loss(view, "net_income", "net", now, then)
    growth = view.growth("net_income")
    if then is None or growth is None:
        return sentence("net_income", f"net income was {view.money(now)}.", now)
    to, was, by = view.money(now), view.money(then), numbers.percent(abs(growth.value))
    shapes = [
        f"net income {view.verb(growth.value)} {by} to {to}.",
        f"net income was {to}, {by} {more_or_less(growth.value)} than {view.in_before}.",
    ]
    if to != was:
        shapes += [
            f"net income came to {to}, compared with {was} {view.year_before}.",
            f"{view.noun} earned net income of {to}, {up_or_down(growth.value)} from {was} {view.year_before}.",
        ]
    return sentence("net_income", view.choose("net_income", shapes), now, then)


def _loss(
    view: View, topic: str, kind: str, now: Figure | None, then: Figure | None
) -> Sentence | None:
    if now is None or now.value == 0 or (now.value > 0 and (then is None or then.value >= 0)):
        return None
    if then is not None and then.value == 0:
        then = None
    to = view.money(now)
    if then is None:
        return sentence(topic, f"{view.name} reported {_article(kind)} {kind} loss of {to}.", now)
    was = view.money(then)
    if now.value > 0:
        text = f"{view.noun} swung to {kind} income of {to} from {_article(kind)} {kind} loss of {was} {view.year_before}."
    elif then.value > 0:
        text = f"{view.noun} swung to {_article(kind)} {kind} loss of {to} from {kind} income of {was} {view.year_before}."
    elif to == was:
        text = f"the {kind} loss was {to}."
    else:
        moved = "narrowed" if now.value > then.value else "widened"
        text = f"the {kind} loss {moved} to {to} from {was} {view.year_before}."
    return sentence(topic, text, now, then)


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def earnings_per_share(view: View) -> Sentence | None:
    now, then = view.figure("diluted_eps"), view.prior("diluted_eps")
    if now is None or now.value == 0:
        return None
    to = view.share(now)
    if now.value < 0:
        if then is None or then.value >= 0 or view.share(then) == to:
            return sentence("diluted_eps", f"the diluted loss per share was {to}.", now)
        text = (
            f"the diluted loss per share was {to}, against {view.share(then)} {view.year_before}."
        )
        return sentence("diluted_eps", text, now, then)
    if then is None or then.value <= 0 or view.share(then) == to:
        return sentence("diluted_eps", f"diluted earnings per share were {to}.", now)
    was, change = view.share(then), now.value - then.value
    shapes = [
        f"diluted earnings per share {view.verb(change)} to {to} from {was}.",
        f"diluted earnings per share were {to}, {up_or_down(change)} from {was} {view.year_before}.",
        f"that is {to} per diluted share, against {was} {view.year_before}."
        if view.figure("net_income")
        else f"diluted earnings per share were {to}, against {was} {view.year_before}.",
    ]
    return sentence("diluted_eps", view.choose("diluted_eps", shapes[:2]), now, then)


# -- costs and margins --------------------------------------------------------------


def gross_margin(view: View) -> Sentence | None:
    return moved_to(view, "gross_margin", "gross margin")


def tax_rate(view: View) -> Sentence | None:
    rate = view.figure("tax_rate")
    if rate is None or not Decimal("0.02") < rate.value < Decimal("0.6"):
        return None
    return moved_to(view, "tax_rate", "the effective tax rate")


def spent_on(key: str, ratio: str, name: str) -> Topic:
    """Cost lines as a share of revenue: research, selling, capital spending."""

    def topic(view: View) -> Sentence | None:
        cost, share, then = view.figure(key), view.figure(ratio), view.prior(ratio)
        if cost is None or cost.value <= 0:
            return None
        if share is None:
            return against(view, key, CATALOGUE[key].name, topic=key)
        amount, part = view.money(cost), numbers.percent(share.value)
        shapes = [
            f"{name} took {part} of revenue, or {amount}.",
            f"{view.noun} spent {amount} on {name}, equal to {part} of revenue.",
        ]
        figures = [cost, share]
        if then and numbers.percent(then.value) != part:
            was = numbers.percent(then.value)
            shapes = [
                f"{name} took {part} of revenue, or {amount}, compared with {was} {view.year_before}.",
                f"{view.noun} spent {amount} on {name}, equal to {part} of revenue, against {was} {view.year_before}.",
            ]
            figures.append(then)
        return sentence(key, view.choose(key, shapes), *figures)

    return topic
