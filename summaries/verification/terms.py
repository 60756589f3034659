"""What a sentence speaks of: a figure of the company, or one made of others."""

from __future__ import annotations

from dataclasses import dataclass

from summaries.measures import CATALOGUE, RATIOS
from summaries.verification.whens import When


@dataclass(frozen=True)
class Plain:
    """A measure of the catalogue."""

    key: str


@dataclass(frozen=True)
class Negated:
    """A figure with its sign turned, as "net loss" is of net income."""

    of: Term


@dataclass(frozen=True)
class Quotient:
    numerator: Term
    denominator: Term


@dataclass(frozen=True)
class Total:
    """Figures added up, as "dividends and buybacks together"."""

    parts: tuple[Term, ...]


@dataclass(frozen=True)
class Growth:
    """The change over one year, as a fraction of the earlier figure."""

    of: Term


@dataclass(frozen=True)
class Window:
    """A run of fiscal years that ends with the year spoken of.

    ``years``: how many; ``since``: the year it is counted from. ``on_record``:
    said to be all the years the sources have.
    """

    years: int | None = None
    since: When | None = None
    on_record: bool = False


@dataclass(frozen=True)
class Average:
    of: Term
    window: Window


@dataclass(frozen=True)
class Compound:
    """Compound growth a year over a window."""

    of: Term
    window: Window


@dataclass(frozen=True)
class Median:
    """The sector's median of the same measure."""

    of: Term


Term = Plain | Negated | Quotient | Total | Growth | Average | Compound | Median

_RATIO_OF = {(ratio.numerator, ratio.denominator): ratio.key for ratio in RATIOS}
# What "a share" makes of a figure of the whole company.
_PER_SHARE = {"net_income": "diluted_eps", "dividends_paid": "dividend_per_share"}


def simplified(term: Term) -> Term:
    """A quotient that the catalogue names, by its name."""
    if isinstance(term, Quotient):
        match term.numerator, term.denominator:
            case Plain(above), Plain(below) if (above, below) in _RATIO_OF:
                return Plain(_RATIO_OF[above, below])
    return term


def per_share(term: Term) -> Term | None:
    match term:
        case Plain(key) if key in _PER_SHARE:
            return Plain(_PER_SHARE[key])
        case Plain("diluted_eps" | "dividend_per_share"):
            return term
        case Negated(of):
            inner = per_share(of)
            return Negated(inner) if inner else None
    return None


def root(term: Term | None) -> Term | None:
    """The term without its sign, growth or average: what two phrases have in common."""
    while isinstance(term, (Negated, Growth, Average, Compound, Median)):
        term = term.of
    return term


def key_of(term: Term) -> str:
    """The catalogue's key, for a proof; made of two where the catalogue has none."""
    match term:
        case Plain(key):
            return key
        case Quotient(above, below):
            return f"{key_of(above)}/{key_of(below)}"
        case Total(parts):
            return "+".join(map(key_of, parts))
        case Growth(of) | Compound(of):
            return f"{key_of(of)}_growth"
        case Negated(of) | Average(of) | Median(of):
            return key_of(of)


def name_of(term: Term) -> str:
    """The term in words, for a reason."""
    match term:
        case Plain(key):
            return CATALOGUE[key].name
        case Negated(of):
            return f"minus {name_of(of)}"
        case Quotient(above, below):
            return f"{name_of(above)} over {name_of(below)}"
        case Total(parts):
            return " plus ".join(map(name_of, parts))
        case Growth(of):
            return f"growth of {name_of(of)}"
        case Average(of):
            return f"the average of {name_of(of)}"
        case Compound(of):
            return f"compound growth of {name_of(of)}"
        case Median(of):
            return f"the sector's median of {name_of(of)}"
