"""The vocabulary of results: measures, bases, directions, outlook, and words that say nothing.

"net sales" and "top line" are one measure, "sales" and "cost of sales" are two. Every expression is
of a text in lower case.
"""

from __future__ import annotations

import re

from summaries.verification.documents.seeds import Seeds, any_of
from summaries.verification.documents.words import stem

_NOT_LOST = r"(?<!credit )(?<!loan )(?<!catastrophe )(?<!cat )(?<!impairment )(?<!lease )"
_LOSS = (
    _NOT_LOST + r"loss(?:es)?(?!\s+(?:ratio|reserve|adjust|cost|content|pick|severity|frequency"
    r"|provision|and\s+loss|trend|activity|prevention))"
)
# Longer and narrower names stand first: the first that fits a place wins.
_MEASURES: tuple[tuple[str, str], ...] = (
    ("cost of sales", r"costs?\s+of\s+(?:goods\s+sold|sales|revenues?|products?)|cogs"),
    ("selling", r"sales\s+(?:and|&)\s+marketing|sg\s?&\s?a|sg\s+and\s+a"
     r"|selling,?\s+general,?\s+(?:and|&)\s+administrative|g\s?&\s?a|general\s+and\s+administrative"),
    ("research", r"r\s?&\s?d|research\s+(?:and|&)\s+development"),
    ("market", r"sales\s+(?:force|team|people|organization|channel|cycle|funnel|pipeline|mix)"),
    ("days", r"days\s+sales\s+outstanding|dso"),
    ("gross margin", r"gross\s+(?:profit\s+)?margins?"),
    ("operating margin", r"operating\s+(?:profit\s+|income\s+)?margins?"),
    ("ebitda margin", r"ebitda\s+margins?"),
    ("interest margin", r"net\s+interest\s+margins?|nim"),
    ("margin", r"margins?"),
    ("free cash flow", r"free\s+cash\s+flows?|fcf"),
    ("operating cash flow", r"operating\s+cash\s+flows?|cash\s+flows?\s+from\s+operat(?:ions|ing"
     r"\s+activities)|cash\s+(?:provided|generated|used|flow)\s+(?:by|from|in)\s+operat(?:ions|ing"
     r"\s+activities)|cash\s+from\s+operat(?:ions|ing\s+activities)"),
    ("cash flow", r"cash\s+flows?"),
    ("affo", r"affo|adjusted\s+(?:ffo|funds\s+from\s+operations)"),
    ("ffo", r"(?:nareit\s+)?ffo|funds\s+from\s+operations"),
    ("capital expenditures", r"cap(?:ital)?[\s-]*ex(?:penditures?)?|capital\s+(?:spending|spend"
     r"|investments?|expenses?)"),
    ("ebitda", r"ebitdax?r?|earnings\s+before\s+interest,?\s+tax(?:es)?,?\s+depreciation"
     r"(?:,?\s+and\s+amortization)?"),
    ("pre-tax income", r"pre-?\s?tax\s+(?:net\s+)?(?:income|earnings|profits?|loss)"
     r"|(?:income|earnings|profit|loss)\s+before\s+(?:income\s+)?tax(?:es)?"),
    ("ebit", r"ebit"),
    ("net operating income", r"net\s+operating\s+(?:income|earnings)|noi"),
    ("operating income", r"operating\s+(?:income|profits?|earnings|loss(?:es)?)"
     r"|(?:income|earnings|profits?|loss)\s+from\s+operations|segment\s+(?:income|profits?)"),
    ("gross profit", r"gross\s+profits?"),
    ("interest income", r"(?:net\s+)?interest\s+income|nii"),
    ("noninterest income", r"non-?\s?interest\s+income|fee\s+income"),
    ("investment income", r"(?:net\s+)?investment\s+income"),
    ("underwriting income", r"underwriting\s+(?:income|profit|gain|loss)"),
    ("interest expense", r"interest\s+(?:expenses?|costs?)"),
    ("tax rate", r"tax\s+rates?"),
    ("tax", r"tax(?:es)?(?:\s+(?:expense|benefit|provision))?"),
    ("dividend", r"dividends?|distributions?"),
    ("book value", r"(?:tangible\s+)?book\s+value"),
    ("net written premium", r"net\s+written\s+premiums?|net\s+premiums?\s+written"),
    ("gross written premium", r"gross\s+written\s+premiums?|gross\s+premiums?\s+written"),
    ("earned premium", r"(?:net\s+|gross\s+)?(?:earned\s+premiums?|premiums?\s+earned)"),
    ("premium", r"premiums?"),
    ("combined ratio", r"combined\s+ratios?"),
    ("loss ratio", r"loss\s+ratios?"),
    ("efficiency ratio", r"efficiency\s+ratios?"),
    ("leverage", r"leverage(?:\s+ratio)?"),
    ("return", r"returns?\s+on\s+(?:average\s+)?(?:tangible\s+)?(?:common\s+)?\w+|roe|roic|rotce|roa"),
    ("credit provision", r"provisions?(?:\s+for\s+(?:credit|loan)\s+losses)?"),
    ("charge-offs", r"(?:net\s+)?charge-?\s?offs?"),
    ("loans", r"loans?"),
    ("deposits", r"deposits?"),
    ("assets under management", r"assets\s+under\s+management|aum"),
    ("backlog", r"backlog"),
    ("bookings", r"bookings?|billings?"),
    ("orders", r"orders?"),
    ("recurring revenue", r"(?:annual(?:ized)?|monthly)\s+recurring\s+revenues?|arr"),
    ("comparable sales", r"(?:same|comparable|comp|identical|like)[\s-](?:for[\s-]like[\s-])?"
     r"(?:[a-z]+[\s-]){0,2}(?:sales|revenues?)|comps"),
    ("revenue per room", r"revpar|revenue\s+per\s+available\s+room"),
    ("revenue", r"(?:total\s+|net\s+|gross\s+)?(?:revenues?|sales|turnover)|top[\s-]line"),
    ("loss expenses", r"loss\s+and\s+loss\s+adjustment\s+expenses?"),
    ("net income", r"net\s+(?:income|earnings|profits?)|eps|bottom[\s-]line"),
    ("net loss", rf"net\s+loss(?:es)?|lost(?=\s+\$)|{_LOSS}"),
    ("net income ", r"earnings(?!\s+(?:call|release|presentation|conference|power|deck|report"
     r"|season|materials|slides))|profits?|income(?=\s+(?:per|attributable|available|from\s+continuing)\b)"),
    ("income", r"income"),
    ("restructuring", r"restructuring(?:\s+(?:charges?|costs?))?"),
    ("depreciation", r"depreciation(?:\s+(?:and|&)\s+amortization)?|amortization|d\s?&\s?a"),
    ("impairment", r"impairments?(?:\s+charges?)?"),
    ("operating expenses", r"operating\s+(?:expenses?|costs?)|opex"),
    ("expenses", r"expenses?|expenditures?|spending"),
    ("costs", r"costs?"),
    ("savings", r"savings|synerg(?:y|ies)"),
    ("repurchases", r"repurchases?|buy-?\s?backs?"),
    ("debt", r"(?:net\s+)?debt|borrowings?"),
    ("liquidity", r"liquidity"),
    ("inventory", r"inventor(?:y|ies)"),
    ("working capital", r"working\s+capital"),
    ("cash", r"cash(?:\s+and\s+(?:cash\s+)?equivalents)?"),
    ("goodwill", r"goodwill"),
    ("headcount", r"headcount|employees"),
    ("volume", r"volumes?|shipments?|units"),
    ("price", r"prices?|pricing"),
    ("traffic", r"traffic|transactions?|ticket"),
    ("production", r"production"),
    ("occupancy", r"occupancy"),
    ("count", r"customers?|members?|subscribers?|users?"),
)  # fmt: skip
_NAMES = tuple(name.strip() for name, _ in _MEASURES)
MEASURE = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(f"(?P<m{at}>{shape})" for at, (_, shape) in enumerate(_MEASURES))
    + r")(?![\w])"
)
# What their names begin with.
_STARTS = (
    "cost cogs sale sell sg& gene resear days dso gro oper ebit net nim marg free fcf cash"
    " affo adj nareit ffo fund cap ear pre inc prof los noi seg int nii non fee inv und tax divi"
    " dist tang book comb effi lev ret roe roi rot roa prov char loan depo asse aum back bill orde"
    " annu mont arr same comp ide like rev tota turn top eps bott rest depr amor impa opex exp"
    " spen savi syn repu buy debt borr liq wor good head empl volu ship unit pri traf trans tick"
    " prod occu cust memb subs user"
).split()
MEASURE_SEEDS = Seeds(r"\w-", rf"(?:[rdg]\s?&|sg\s|{any_of(_STARTS)})")
PER_SHARE = re.compile(
    r"[\s-]*(?:per|a|for\s+each)[\s-]+(?:(?:diluted|basic|and|or|common|ordinary|fully|adjusted|class|\w)"
    r"[\s-]+){0,4}(?:share|ads|unit)\b"
)
# Named by a profit or a loss alike: the sign tells them apart.
SIGNED = frozenset({"net income", "operating income", "pre-tax income", "net operating income",
                    "ffo", "affo", "ebitda", "free cash flow", "operating cash flow"})  # fmt: skip
# A percentage of these is a level: "margin of 12 percent".
RATIOS = frozenset({"gross margin", "operating margin", "ebitda margin", "interest margin",
                    "margin", "tax rate", "combined ratio", "loss ratio", "efficiency ratio",
                    "return", "occupancy"})  # fmt: skip


def measure_name(match: re.Match[str]) -> str:
    """ "net income" of "net earnings", "profit" and "net loss" alike."""
    name = _NAMES[int((match.lastgroup or "m0")[1:])]
    return "net income" if name == "net loss" else name


GAAP = re.compile(r"\b(?:gaap\b(?<!non[ -]gaap)|(?:on\s+(?:a|an)\s+|as[\s-])reported\b)")
ADJUSTED = re.compile(
    r"\b(?:adjusted|non[\s-]?gaap|normali[sz]ed|ex-items|pro\s?forma"
    r"|(?:excluding|excludes|excl|exclusive\s+of|before)\s+(?:\w+[\s,-]+){0,4}?(?:items?|charges?"
    r"|costs?|gains?|impacts?|expenses?|amortization|adjustments?|benefits?|effects?|losses)"
    r"|excluding)\b"
)
# Another measure of the same name: organic sales aren't sales.
NARROWING = re.compile(r"\b(?:organic(?:ally)?|comparable|same[\s-]store|segment)\b")
_UP = (
    r"up(?:ward)?|increas(?:e|es|ed|ing)|rose|ris(?:e|es|en|ing)|gr(?:ew|ow|ows|own|owing|owth)"
    r"|higher|gain(?:s|ed)?|improv(?:e|ed|es|ing|ement)|climb(?:ed|s)?|jump(?:ed|s)?|advanced?"
    r"|expan(?:d|ded|sion|ding)|surged?|soared|leapt|plus|positive|strengthened|rebounded"
)
_DOWN = (
    r"down(?:ward)?|decreas(?:e|es|ed|ing)|f[ae]ll(?:s|en|ing)?|declin(?:e|es|ed|ing)|lower"
    r"|drop(?:s|ped)?|reduc(?:e|ed|es|tion|tions|ing)|shr[aiu]nk|contract(?:ed|ion|ing)|slid"
    r"|slipped|plunged|tumbled|sank|slumped|softened|weakened|compress(?:ed|ion)|minus|negative"
)
TURN = re.compile(rf"(?<![\w-])(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?![\w-])")
_ABOUT = (
    r"by|of|about|approximately|nearly|almost|around|over|more\s+than|roughly|just|some|an?"
    r"|another|only|slightly|(?:as\s+)?much\s+as|additional|in\s+(?:the|a)\s+range\s+of|between"
    r"|the|low|mid|high|strong|solid|an\s+estimated|year[\s-]over[\s-]year|sequentially|under"
    r"|modestly|organically"
)
TURN_BEFORE = re.compile(
    rf"(?<![\w-])(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:[\s,]+(?:{_ABOUT}))*\s*$"
)
TURN_OF = re.compile(
    r"(?<![\w-])(?:(?P<up>increase|growth|improvement|gain)|(?P<down>decrease|decline|reduction|drop))"
    rf"s?\s+in\s+[^,;$\d]{{3,60}}\s+of(?:\s+(?:{_ABOUT}))*\s*$"
)
_NOT_JOINING = (
    r"(?!(?:in|on|to|from|and|or|of|with|due|by|for|as|was|were|is|are|but|while|which|that|we"
    r"|compared|versus|vs|despite|driven|at|up|down|than|range|our|this|the|between|basis)\b)"
)
_UP_NOUN = (
    r"increase|growth|improvement|gain|rise|expansion|higher|(?:more|greater|better)(?=\s+than)"
)
_DOWN_NOUN = (
    r"decrease|decline|reduction|drop|fall|contraction|lower|(?:less|fewer|worse)(?=\s+than)"
)
TURN_AFTER = re.compile(
    rf"[\s-]*(?:{_NOT_JOINING}[a-z-]+\s+){{0,4}}?(?:(?P<up>{_UP_NOUN})|(?P<down>{_DOWN_NOUN}))"
    r"(?![\w-])"
)
TURN_NEXT = re.compile(rf"[\s-]*(?:(?P<up>{_UP_NOUN})|(?P<down>{_DOWN_NOUN}))(?![\w-])")
COMPARED = re.compile(
    r"\b(?:(?<!range )(?<!ranges )(?<!ranging )(?<!ranged )from|compared\s+(?:to|with)|versus|vs\b\.?|against|than|relative\s+to"
    r"|comparison\s+(?:to|with)|(?<!year[\s-])(?<!quarter[\s-])over)\b"
)
COMPARED_BEFORE = re.compile(
    r"\b(?:from|compared\s+(?:to|with)|versus|vs\b\.?|against|than|relative\s+to|over|since)"
    r"(?:\s+(?:the|a|an|that|those|our|in|for|of|same|what|period))*\s*$"
)
OUTLOOK = re.compile(
    r"\b(?:sees?|views?|expect(?:s|ed|ing|ations?)?|outlook|guid(?:ance|es|ing|ed)|forecast(?:s|ed|ing)?"
    r"|project(?:s|ed|ing|ions?)?|anticipat(?:e|es|ed|ing)|estimat(?:e|es|ed|ing)"
    r"|intend(?:s|ed|ing)?|aim(?:s|ed|ing)?|target(?:s|ed|ing)?|will|would|should|plan(?:s|ning)?|reaffirm(?:s|ed|ing)?|looking"
    r"|assum(?:e|es|ing)|range)\b"
)
FORWARD = re.compile(
    r"\b(?:we|and|also|now|still|currently|continue\s+to|would|co|company|inc|corp)\s+"
    r"(?:expect|anticipate|project|forecast|estimate)s?\b"
    r"|\b(?:we'?re|are|is|be|am|now)\s+(?:\w+\s+)?(?:expected|expecting|projected|projecting"
    r"|anticipated|anticipating|estimated|estimating|forecast(?:ed|ing)?)\b"
    r"|^\s*(?:sees?|expects?|anticipates?|forecasts?|projects?|estimates?)\b|\bexpects\b"
)
PLANNED = re.compile(r"\b(?:guidance|outlook|forecast|will|would|expectations?)\b")
DONE = re.compile(
    r"\b(?:was|were|had|reported|delivered|achieved|generated|came|totaled|totalled|posted|grew"
    r"|increased|rose|fell|declined|decreased|improved|reached|recorded|ended|finished|earned"
    r"|exceeded|exceeding|resulted|produced|saw)\b"
)
# Words that say the same of an announcement: any of a group stands for each of it.
_ALIKE = (
    "raise raises raised raising lift lifts lifted boost boosts boosted increase increased"
    " increases increasing upward",
    "lower lowers lowered lowering cut cuts cutting reduce reduces reduced reducing decrease"
    " decreased downward",
    "reaffirm reaffirms reaffirmed reiterate reiterates reiterated affirm affirms affirmed confirm"
    " confirms maintain maintains maintained maintaining unchanged reaffirming reiterating remains",
    "buy buys bought acquire acquires acquired acquiring acquisition purchase",
    "sell sells sold divest divested divestiture sale",
    "comparable same comp comps like",
    "organic organically",
    "u.s us domestic america american",
    "international overseas foreign",
    "worldwide global globally",
    "store stores shop shops restaurant restaurants",
)
ALIKE = {
    word: frozenset(stem(one) for one in group.split())
    for group in _ALIKE
    for word in group.split()
}
# Words of a claim that say nothing by themselves, beside those of ``words.STOP``.
FILLER = frozenset(
    "co inc corp ltd plc company quarterly qtrly quarter qtr fy fiscal full year half ended ending"
    " end total consolidated currently now still continues continue continued approximately about"
    " around nearly range ranging between versus vs compared compare over prior period same"
    " reported reports report reporting posted posts totaled totalled total came representing"
    " sees see seeing expects expect expected expecting anticipates anticipate anticipated"
    " anticipating outlook guidance forecast forecasts forecasted projects projected projecting"
    " estimates estimated estimate estimating target targets updates updated narrows narrowed view"
    " revises revised provides issues initiates introduces guides announces announced delivers"
    " delivered achieved achieves results result basis gains terms compares assuming including"
    " approx amounted amount stood yr mln bln pct shr rev qtrs months month period says said"
    " posts posting earned records recorded ends finished closed overall average company's co's"
    " group holdings intends intend plans plan planned reiterated upcoming early late just least"
    " roughly nearly almost between well within"
    " attributable percent million billion trillion thousand per share shares diluted basic"
    " sequentially sequential yoy annual annually net items item excluding gaap non adjusted"
    " generate generated generates low mid high ago last".split()
)
