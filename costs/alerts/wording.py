"""What an alert says: the same facts in every channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from costs.budgets.applying import SCOPE
from costs.budgets.standing import Standing

WHOLE = 100
CONSEQUENCES = {
    SCOPE.FIRM: "Calls to models are refused and the batch is switched off",
    SCOPE.BATCH: "The batch is switched off",
    SCOPE.QUERIES: "Users' questions to models are refused",
    SCOPE.TEAM: "The team's calls to models are refused",
    SCOPE.INFRASTRUCTURE: "Infrastructure's calls to models are refused",
}


@dataclass(frozen=True)
class Message:
    """``key``: the same each time this alert is told. ``link``: empty where none is known."""

    key: str
    subject: str
    lines: tuple[str, ...]
    link: str
    raised_at: datetime
    component: str
    is_stop: bool
    details: dict[str, str]

    @property
    def text(self) -> str:
        return "\n".join((*self.lines, *([self.link] if self.link else [])))


def message(
    standing: Standing, *, threshold: int, key: str, raised_at: datetime, link: str
) -> Message:
    name = one_line(standing.name)
    resets = f"{standing.resets_at:%A %d %B %Y %H:%M %Z}"
    forecast = standing.forecast_usd
    lines = [
        f"{money(standing.spent_usd)} of {money(standing.amount_usd)} USD is spent "
        f"({standing.share * 100:.0f} %), {money(standing.reserved_usd)} USD is held back by "
        f"calls on their way.",
        _expected(forecast, standing),
        f"It starts anew on {resets}.",
    ]
    is_stop = threshold >= WHOLE
    if is_stop:
        lines.insert(0, f"{CONSEQUENCES[SCOPE(standing.scope)]} until it starts anew.")
    return Message(
        key=key,
        subject=f"Budget {name}: " + ("used up" if is_stop else f"{threshold} % spent"),
        lines=tuple(lines),
        link=link,
        raised_at=raised_at,
        component=f"budget {name}",
        is_stop=is_stop,
        details={
            "budget": name,
            "threshold_percent": str(threshold),
            "spent_usd": money(standing.spent_usd),
            "reserved_usd": money(standing.reserved_usd),
            "amount_usd": money(standing.amount_usd),
            "forecast_usd": "unknown" if forecast is None else money(forecast),
            "resets_at": standing.resets_at.isoformat(),
        },
    )


def _expected(forecast: Decimal | None, standing: Standing) -> str:
    made = standing.forecast
    if forecast is None or made is None:
        return "Too little is known for a forecast."
    told = (
        f"Forecast for the whole {standing.budget.every}: {money(forecast)} USD "
        f"({money(made.low)} to {money(made.high)})"
    )
    if made.reached_on is None:
        return f"{told}; the amount is not reached."
    return f"{told}; the amount is reached on {made.reached_on:%d %B}."


def money(usd: Decimal) -> str:
    return f"{usd:,.2f}"


def one_line(text: str) -> str:
    """A team's name comes from a form: no line of its own in a mail's header."""
    return " ".join(text.split())
