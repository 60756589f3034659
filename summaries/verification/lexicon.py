"""The words the verifier reads, with what each does in a sentence. Data only.

Lower case, phrases as words with one space. The longest phrase wins. A word that
stands nowhere here is not understood, and a sentence with such a word is not
supported: extend the lists, but only with words that add nothing to be checked.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum


class Part(StrEnum):
    """What a mark does in a sentence."""

    TERM = "measure"
    QUANTITY = "number"
    WHEN = "period"
    WINDOW = "run of years"
    STREAK = "streak"
    PEERS = "sector's companies"
    AVERAGE = "average"
    MEDIAN = "median"
    COMPOUND = "compound growth"
    YEARLY = "a year"
    SUPERLATIVE = "superlative"
    FIRST = "first"
    MOVE = "change"
    CHANGE = "noun of change"
    MORE = "comparison"
    FASTER = "comparison of growth"
    COVER = "cover"
    SIGN = "sign"
    FLAT = "no change"
    VERB = "verb"
    USED = "outflow"
    IMPLIED = "verb with its measure"
    TOGETHER = "together"
    EACH_DOLLAR = "each dollar"
    SHARE_OF = "as a share of"
    OF_WHICH = "of which"
    RESPECTIVELY = "respectively"
    NAME = "another name"
    UNKNOWN = "unknown word"
    OWN = "the company"
    TO = "to"
    FROM = "from"
    SINCE = "since"
    BETWEEN = "between"
    BY = "by"
    OF = "of"
    IN = "in"
    ON = "on"
    AS = "as"
    AT = "at"
    THAN = "than"
    AND = "and"
    OR = "or"
    COMMA = ","
    BREAK = ";"
    NEGATION = "negation"
    OPINION = "opinion"
    NUMBER = "number in words"
    FILLER = ""


def _words(listed: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in listed.split(",")]


UP = (
    "rose, grew, increased, climbed, advanced, widened, improved, expanded, up, rise, grow, risen,"
    " grown, rising, growing, increasing, climbing, widening, expanding, improving, gained, jumped,"
    " surged, was up, were up, climb, increase, expand, widen, improve, went up, moved up, edged up,"
    " strengthened, lifted, raised, lifting, raising, raise, added, adding, ticked up, rebounded"
)
DOWN = (
    "fell, declined, dropped, slipped, shrank, decreased, narrowed, contracted, down, fall,"
    " fallen, falling, declining, dropping, slipping, shrunk, shrinking, decreasing, narrowing,"
    " contracting, was down, were down, decline, drop, decrease, narrow, shrink, contract, sank,"
    " tumbled, weakened, went down, moved down, edged down, cut, cutting, reduced, reducing, eased,"
    " lowered, lowering, retreated, receded, came down, ticked down, slid, dipped"
)
UP_NOUNS = "increase, rise, gain, improvement, expansion, advance, increases, jump, climb, widening"
DOWN_NOUNS = (
    "decline, drop, decrease, fall, reduction, contraction, declines, decreases, slip, narrowing"
)
GROWTH = "growth, growth rate, rate of growth, rates of growth"
# Word for a multiple: direction and factor.
MULTIPLES = {
    "doubled": (1, Decimal(2)),
    "doubling": (1, Decimal(2)),
    "tripled": (1, Decimal(3)),
    "trebled": (1, Decimal(3)),
    "tripling": (1, Decimal(3)),
    "quadrupled": (1, Decimal(4)),
    "quadrupling": (1, Decimal(4)),
    "halved": (-1, Decimal("0.5")),
    "halving": (-1, Decimal("0.5")),
}
MORE = (
    "more than, above, higher than, exceeded, exceeding, exceeds, over, ahead of, more, higher,"
    " greater than, greater, larger than, larger, better than, in excess of, topped, topping,"
    " beat, wider than, wider, outpaced, surpassed, surpassing"
)
LESS = (
    "less than, below, lower than, under, less, lower, smaller than, smaller, short of,"
    " worse than, narrower than, narrower, fewer than, fewer, trailed, trailing, trails, behind"
)
FASTER = {
    "faster than": 1,
    "more quickly than": 1,
    "quicker than": 1,
    "slower than": -1,
    "more slowly than": -1,
}
THAN = (
    "than, compared with, compared to, against, versus, vs, vs., after, as against, in comparison"
    " with, relative to, following, compares with, compares to, compare with, compare to"
)
HIGHEST = (
    "highest, largest, biggest, greatest, record high, a record high, its peak, a peak, widest,"
    " a record, record, best, high, peak, all-time high, an all-time high, highest ever"
)
LOWEST = "lowest, smallest, record low, a record low, narrowest, low, trough"
FASTEST = {"fastest": 1, "slowest": -1, "quickest": 1}
VERBS = (
    "was, were, is, are, came to, comes to, reached, reaching, stood at, stands at, standing at,"
    " totaled, totalled, totaling, totalling, amounted to, amounts to, came in at, has been, have"
    " been, had been, ran at, runs at, running at, equal to, equals, equalled, equaled, represented,"
    " representing, represents, made up, makes up, making up, accounted for, accounts for,"
    " accounting for, took, takes, taking, worked out at, ended at, closed at, being, be, been, or"
    " equivalent to, equivalent to, corresponding to, corresponds to, hit, hitting, went on, went"
    " to, goes on, goes to, was equal to, were equal to, is equal to, are equal to, absorbed,"
    " absorbing, became, becomes, added up to, consumed, consuming, settled at"
)
# Verbs that say that a figure is the company's, and no more.
NEUTRAL = (
    "reported, reporting, brought, bringing, brings, marked, marking, marks, saw, seeing, sees, posted, posting, recorded, recording, booked, generated, generating,"
    " produced, producing, had, has, have, having, held, holding, holds, ended the year with,"
    " ended the period with, ended the quarter with, ended with, closed the year with, ended, spent,"
    " spending, spends, paid, paying, pays, kept, keeping, keeps, delivered, delivering, invested,"
    " made, making, returned, brought in, bringing in, left, leaving, leaves, received, receiving,"
    " owed, owing, owes, carried, carrying, carries, remained,"
    " remaining, distributed, collected, took in, yielded, put, putting, committed, gives,"
    " giving, gave, showed, shows, declared, incurred, went, moved, moving"
)
TURNS = "swung, swinging, turned, turning, swings, turns"
OUTFLOW = "used, using, uses, burned, burning, consumed cash of"
# Verbs that name their measure: the catalogue's key, and the sign.
IMPLIED = {
    "net_income": ("earned, earning, earns, made a net profit of", "lost, losing, loses"),
    "buybacks": (
        "bought back, buying back, repurchased, repurchasing, buys back",
        "",
    ),
}
COVER = "covered, covers, covering"
FLAT = (
    "unchanged, flat, stable, steady, was unchanged, were unchanged, held steady,"
    " was flat, were flat, little changed"
)
AVERAGES = "averaged, averaging, average, mean, on average, an average"
COMPOUND = (
    "compound, compounded, compounding, compound annual, compound annual growth, cagr, compound"
    " growth, compound annual rate, compound rate, compound annual growth rate, annualized,"
    " annualised, compound growth rate"
)
YEARLY = "a year, per year, annually, each year, per annum, every year"
TOGETHER = "together, combined, in total, taken together, in all"
EACH_DOLLAR = (
    "every dollar of, each dollar of, every dollar, each dollar, the dollar, a dollar of, each,"
    " every"
)
SHARE_OF = (
    "as a share of, as a percentage of, as a proportion of, as a percent of, as a fraction of,"
    " as a part of, share of, as a multiple of"
)
MEDIANS = "sector median, sector's median, median, the median, peer median, sector 's median"
CONNECTIVES = {
    Part.TO: "to, into",
    Part.FROM: "from",
    Part.SINCE: "since",
    Part.BETWEEN: "between",
    Part.BY: "by",
    Part.OF: "of",
    Part.IN: "in, within, from its",
    Part.ON: "on, upon",
    Part.AS: "as",
    Part.AT: "at",
    Part.AND: "and, as well as, plus",
    Part.OR: "or",
    Part.OF_WHICH: "of which, of this, of that",
    Part.BREAK: "while, whereas, but, then, before, whilst, though, although",
}
SIGNS = {"positive": 1, "negative": -1, "profitable": 1, "in the black": 1, "in the red": -1}
GENERIC = (
    "the company, the bank, the group, the insurer, the railroad, the railway, the retailer, the"
    " business, the firm, the chipmaker, the lender, the manufacturer, the software company,"
    " the drugmaker, the pharmaceutical company, the utility, the carrier, the energy company, the"
    " oil company, the company itself, it, its, they, their, them, the software maker, the landlord, the"
    " property company, the payments company, the chip maker, the drug maker, the oil producer,"
    " the health insurer, the real estate company, the energy producer, the payments network,"
    " the semiconductor company, the industrial company, the real estate group, the oil and gas"
    " company, the rail operator, the producer, the owner, the maker, itself, shareholders,"
    " investors, stockholders"
)
# Words that carry nothing a figure could contradict.
FILLERS = (
    "the, a, an, this, these, that, which, who, for, with, also, both, all, there, 's, ', had, has,"
    " have, so, thus, here, total, altogether, meanwhile, however, level, levels, figure,"
    " figures, value, rate, amount, terms, such, itself, own, only, just, out, respectively, where,"
    " during, over, through, still, now, when, in cash terms, of its shares, of its own shares,"
    " of shares, of stock, of its stock, of common stock, of its common stock, of its own stock,"
    " its shares for, shares for, worth of shares, worth of stock, worth of its shares, worth of its"
    " own shares, worth, in the form of, in the period, in a year, some, according to its"
    " filings, as reported, reported in its filings, more recently, was equal, fiscal, annual,"
    " yearly, year, mark, in turn, overall, its own, to shareholders, to its shareholders, to"
    " stockholders, shares, stock, shareholders with, then, and so,"
    " compared, each with, went back, on its own, in the data, on file, at the, at a, an overall,"
    " time, that is, a total of, size, rates, spending of, cost, costs"
)


# Understood nowhere: a sentence with one of these says something that is not proven.
NEGATIONS = (
    "no, not, never, without, nor, neither, none, nothing, nobody, cannot, can't, didn't, wasn't,"
    " isn't, weren't, doesn't, won't, hasn't, haven't, hardly, barely, except, excluding, unless"
)
# Claims about a figure that no figure proves.
OPINIONS = (
    "soared, plunged, skyrocketed, plummeted, collapsed, slowed, slowing, accelerated,"
    " accelerating, decelerated, recovered, recovering, deteriorated, spiked, swelled, ballooned,"
    " eroded, crept, rallied, outperformed, underperformed, strong, stronger, strongest, weak,"
    " weaker, weakest, robust, healthy, solid, significant, significantly, sharply, slightly,"
    " modestly, dramatically, substantially, impressive, disappointing, resilient, soft, unusually"
)
NUMBER_WORDS = (
    "two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, fifteen, twenty, thirty,"
    " forty, fifty, sixty, seventy, eighty, ninety, hundred, thousand, million, billion, trillion,"
    " percent, percentage, dozen, dozens, hundreds, thousands, millions, billions, third, fourth,"
    " fifth, quarter, half, fraction, tenth, per cent, points, twice, double, triple"
)


def _entries() -> dict[str, tuple[Part, object]]:
    made: dict[str, tuple[Part, object]] = {}

    def put(listed: str, part: Part, value: object = None) -> None:
        for phrase in _words(listed):
            if phrase:
                made[phrase] = (part, value)

    put(FILLERS, Part.FILLER)
    put(NEGATIONS, Part.NEGATION)
    put(OPINIONS, Part.OPINION)
    put(NUMBER_WORDS, Part.NUMBER)
    put(GENERIC, Part.OWN)
    put(NEUTRAL, Part.VERB, "neutral")
    put(VERBS, Part.VERB, "level")
    put(TURNS, Part.VERB, "turn")
    put(OUTFLOW, Part.USED)
    put(UP_NOUNS, Part.CHANGE, 1)
    put(DOWN_NOUNS, Part.CHANGE, -1)
    put(UP, Part.MOVE, (1, None))
    put(DOWN, Part.MOVE, (-1, None))
    for word, (direction, factor) in MULTIPLES.items():
        put(word, Part.MOVE, (direction, factor))
    put(GROWTH, Part.CHANGE, 0)
    put(MORE, Part.MORE, 1)
    put(LESS, Part.MORE, -1)
    for word, direction in FASTER.items():
        put(word, Part.FASTER, direction)
    put(THAN, Part.THAN)
    put(HIGHEST, Part.SUPERLATIVE, (1, False))
    put(LOWEST, Part.SUPERLATIVE, (-1, False))
    for word, direction in FASTEST.items():
        put(word, Part.SUPERLATIVE, (direction, True))
    put(COVER, Part.COVER)
    put(FLAT, Part.FLAT)
    put(AVERAGES, Part.AVERAGE)
    put(COMPOUND, Part.COMPOUND)
    put(YEARLY, Part.YEARLY)
    put(TOGETHER, Part.TOGETHER)
    put(EACH_DOLLAR, Part.EACH_DOLLAR)
    put(SHARE_OF, Part.SHARE_OF)
    put(MEDIANS, Part.MEDIAN)
    put("respectively", Part.RESPECTIVELY)
    put("first", Part.FIRST)
    for part, listed in CONNECTIVES.items():
        put(listed, part)
    for word, sign in SIGNS.items():
        put(word, Part.SIGN, sign)
    for key, (gains, losses) in IMPLIED.items():
        put(gains, Part.IMPLIED, (key, 1))
        put(losses, Part.IMPLIED, (key, -1))
    return made


PHRASES = _entries()
# Nouns of change that are verbs too: after an article, an adjective or a number they are nouns.
NOUNS = dict.fromkeys(_words(UP_NOUNS), 1) | dict.fromkeys(_words(DOWN_NOUNS), -1)
