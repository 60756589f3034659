"""What somebody wants who asks so. Patterns on the question's text, in order of authority."""

from __future__ import annotations

import re

from queries.understanding.values import Intent

_CLIENT = r"(?:i|we|you|(?:my|our|the|a)? ?clients?)"
_WHO = rf"(?:{_CLIENT}|he|she|they|one|(?:an )?investors?|someone|anyone|people)"
_DEAL = (
    r"(?:buy|sell|short|hold|own|invest|dump|trim|add|accumulate|purchase|get in(?:to)?|get out"
    r"|exit|load up|keep|avoid|switch|put (?:my |our |some )?money)"
)


def _any(*shapes: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(shapes) + r")", re.IGNORECASE)


_ADVICE = _any(
    rf"(?:do|does|did|can|could|would|must)(?:n't|n’t| not)? {_CLIENT} (?:still |now |really )?{_DEAL}\b",
    rf"(?:should|shall|ought)(?:n't|n’t| not)? {_WHO} (?:really |now |still |rather |also |to )?{_DEAL}\b",
    r"(?:is|are|was|would|will)\b[^.?!\n]{0,60}\b(?:a |an )?(?:good|great|bad|safe|solid|smart|worthwhile|sound|attractive) (?:buy|sell|investment|stock to|bet|time to|entry|purchase|pick|idea to)",
    r"(?:is|are)\b[^.?!\n]{0,60}\b(?:a|an) (?:strong |screaming |clear )?(?:buy|sell|hold)\b",
    r"(?:time to|can i|may i) (?:buy|sell)\b",
    r"(?:good|right|best|great) (?:time|moment) to (?:buy|sell|invest)",
    r"(?:good|best|great|safe|better) (?:investment|buy)\b",
    r"worth (?:buying|investing|owning|holding|selling)",
    r"(?:buy,? (?:or )?(?:hold,? )?or sell|sell or (?:buy|hold)|hold or sell|buy or hold)",
    r"(?:price|stock|share) (?:prediction|forecast|outlook)|predict(?:ions?|ed)?\b",
    r"(?:where|how high|how low)\b[^.?!\n]{0,40}\b(?:price|stock|shares?)\b[^.?!\n]{0,20}\b(?:go|be|end|head)",
    r"will\b[^.?!\n]{0,60}\b(?:go (?:up|down)|crash|double|moon|outperform|beat the market|rally|recover)",
    r"(?:do|would|can|could) you (?:recommend|advise|suggest)",
    r"(?:recommend|advise|suggest) (?:buying|selling|me|us|that (?:i|we))",
    r"what (?:would|should) (?:you|i|we|my client) (?:buy|sell|do with|invest)",
    r"how much (?:should|could|can|would) (?:i|we|my client)",
    r"(?:which|what) (?:stocks?|shares?|companies|company) (?:should|to buy|to sell|would you)",
    r"(?:overvalued|undervalued|over-valued|under-valued|cheap or expensive|a bargain)\b",
    r"your (?:opinion|view|recommendation|advice)",
)
_EXPLAINED = _any(
    r"why\b", r"what (?:drove|drives|caused|explains|is behind|was behind|led to)", r"explain",
    r"how come", r"reasons?\b", r"because of", r"driven by", r"(?:main |key )?drivers?\b",
    r"how (?:does|do|did|is|are|will|would|might|could) (?!.{0,80}\b(?:compare|doing|moved?|change)\b)",
)  # fmt: skip
_RATING = _any(
    r"price targets?", r"target prices?", r"targets?\b(?=.{0,30}(?:analyst|broker))", r"(?:up|down)graded", r"downgrades?",
    r"(?:any|recent|latest|new) upgrades?", r"upgrades? (?:or|by|from|and)\b",
    r"rat(?:ings?|ed)\b", r"(?:analysts?|brokers?|sell[- ]side|the street|wall street)\b.{0,30}\b(?:say|think|recommend|rate|view|recommendation)",
    r"recommendations?\b", r"broker views?",
)  # fmt: skip
_ESTIMATE = _any(
    r"(?<!accounting )estimates?\b", r"consensus", r"(?:analysts?|market|the street|wall street)\b.{0,20}\bexpect",
    r"expected (?:to|eps|revenue|earnings|sales)", r"(?:eps|revenue|earnings|sales) (?:forecasts?|expectations?|outlook)",
    r"forecasts?\b", r"projected\b(?! benefit)", r"projections?\b",
)  # fmt: skip
_PRICE = _any(
    r"(?:share|stock|closing|current|latest|last) price\b(?! (?:target|increase|cut|hike|rise))", r"price of (?:the |a |its |one )?(?:share|stock)",
    r"(?:trad(?:es?|ing)|quoted) (?:at|for)", r"(?:close|closed|closing) (?:at|yesterday|price|last)",
    r"(?:how (?:has|have|did|is)|what did) the (?:stock|shares?|share price|stock price)\b", r"stock performance",
    r"what is (?:the )?(?:stock|share) (?:worth|at)", r"price\b(?=.{0,20}\b(?:yesterday|today|on \d))",
    r"(?:how much is|what(?:'s| is)) a share\b", r"price history",
)  # fmt: skip
_SAID = _any(
    r"(?:say|says|said|saying|mention|mentions|mentioned|disclose[sd]?|state[sd]?|wrote|write[s]?|comment(?:s|ed)?|warn(?:s|ed|ing)?|discuss(?:es|ed)?|describe[sd]?|talk(?:s|ed)? about|report(?:s|ed)? (?:about|on)|refer(?:s|red)? to)\b",
    r"according to", r"risk factors?", r"risks?\b", r"guidance", r"outlook", r"strategy", r"competit(?:ion|ors?|ive)",
    r"10-?[kq]\b", r"8-?k\b", r"annual report", r"quarterly report", r"earnings call", r"filings?\b", r"research notes?",
    r"who (?:is|are|was)", r"what (?:are|is|were) (?:the|its|their) (?:main |key |biggest |major )?(?:products?|customers?|suppliers?|segments?|lawsuits?|exposure|plans?|headwinds|tailwinds|challenges|opportunities)",
    r"lawsuits?", r"litigation", r"legal proceedings", r"exposure to", r"tariffs?", r"acquisitions?", r"impact of", r"effects? of",
)  # fmt: skip
_NEWS = _any(
    r"what(?:'s|’s|s| is| are) (?:the )?(?:new|news|latest|recent|happening|going on)\b", r"any(?:thing)? (?:new\b|news|recent|changed)",
    r"latest (?:news|developments?|filings?|updates?|on\b)", r"recent (?:news|developments?|filings?|events?|updates?)",
    r"what (?:has |have )?(?:happened|changed)", r"when (?:did|was|were|is|will)\b.{0,60}\b(?:file|filed|publish|published|report|reported|earnings)", r"news\b", r"updates?\b", r"catch me up", r"since (?:we|i) last",
)  # fmt: skip
_SUMMARY = _any(
    r"summar(?:y|ise|ize|ies)", r"overview", r"tell me (?:about|more|everything)", r"brief(?:ing)?\b(?: me)?", r"in a nutshell",
    r"key (?:points|facts|figures|numbers|takeaways)", r"how (?:is|are|was|has|have)\b.{0,60}\b(?:doing|performing|performed|done|faring)",
    r"what (?:does|do)\b.{0,60}\bdo\b\??$", r"what should i know", r"profile of", r"snapshot", r"give me (?:the )?(?:facts|picture|basics)",
    r"describe\b", r"prepare me", r"talking points",
)  # fmt: skip
_COMPARED = _any(
    r"compar(?:e|es|ed|ing|ison|isons)", r"vs\b", r"versus", r"against\b", r"relative to", r"side by side", r"difference between",
    r"stack(?:s)? up", r"(?:better|worse|higher|lower|larger|bigger|smaller|more|less|faster|slower) than", r"next to each other",
)  # fmt: skip
_RANKED = _any(
    r"(?:which|who|whose)\b.{0,60}\b(?:highest|largest|biggest|most|best|greatest|higher|larger|bigger|more|better|fastest|faster|greater|strongest)",
    r"(?:which|who|whose)\b.{0,60}\b(?:lowest|smallest|least|worst|lower|smaller|less|slowest|slower|weakest|fewest)",
    r"rank(?:ed|ing|s)?\b", r"order (?:them )?by", r"sort(?:ed)? by", r"top (?:of|by)\b",
)  # fmt: skip
_LEAST = _any(
    r"lowest",
    r"smallest",
    r"least",
    r"worst",
    r"lower",
    r"smaller",
    r"less\b",
    r"slow(?:est|er)",
    r"weakest",
    r"fewest",
)
_TREND = _any(
    r"trend", r"moved?\b", r"moving", r"develop(?:ed|ment|ing)?\b", r"evol(?:ve[sd]?|ution|ving)", r"over time", r"histor(?:y|ical(?:ly)?)",
    r"chart", r"plot", r"graph", r"(?:each|every|by) (?:year|quarter)", r"year by year", r"through the years", r"track record", r"trajectory",
    r"progress(?:ed|ion)", r"series\b", r"quarterly\b", r"time series", r"how (?:has|have)\b.{0,80}\bchanged",
)  # fmt: skip
_CHANGED = _any(
    r"gr(?:ow|ew|own|owing|owth)\b", r"increas", r"decreas", r"declin", r"chang", r"\brise[sn]?\b", r"rising", r"rose\b", r"fell\b", r"fall(?:en|ing)?\b",
    r"drop", r"shr(?:ink|ank|unk)", r"widen", r"narrow", r"improv", r"worse", r"yoy\b", r"year[- ]o(?:ver|n)[- ]year", r"up or down", r"expand", r"contract(?:ed|ing|ion)",
    r"how much (?:more|less)", r"cagr", r"compound",
)  # fmt: skip


def is_advice(text: str) -> bool:
    return _ADVICE.search(text) is not None


def is_explained(text: str) -> bool:
    return _EXPLAINED.search(text) is not None


def is_comparison(text: str) -> bool:
    return _COMPARED.search(text) is not None


def is_least(text: str) -> bool:
    return _LEAST.search(text) is not None


def intent_of(text: str, *, stocks: int, has_figures: bool) -> Intent:
    """``stocks``: how many the question is about; ``has_figures``: whether it names any."""
    if is_advice(text) and not _of_others(text):
        return Intent.ADVICE
    if _RATING.search(text) and not (has_figures and "credit rating" in text.lower()):
        return Intent.RATING
    if _ESTIMATE.search(text):
        return Intent.ESTIMATE
    if _PRICE.search(text):
        return Intent.PRICE
    if has_figures:
        return _of_figures(text, stocks)
    return _of_words(text, stocks)


def _of_others(text: str) -> bool:
    """What analysts recommend is a fact; what we do would be advice."""
    return bool(
        re.search(r"\b(?:analysts?|brokers?|research|rated|ratings?)\b", text, re.IGNORECASE)
    )


def _of_figures(text: str, stocks: int) -> Intent:
    if _is_of_documents(text):
        return Intent.SAID
    if stocks > 1:
        return Intent.RANKING if _RANKED.search(text) else Intent.COMPARISON
    if _TREND.search(text):
        return Intent.TREND
    return Intent.CHANGE if _CHANGED.search(text) else Intent.VALUE


_DOCUMENTS = _any(
    r"(?:say|says|said|mention\w*|disclose\w*|wrote|comment\w*|warn\w*|discuss\w*|talk\w* about)\b.{0,60}\b(?:about|on|of|regarding)\b",
    r"(?:mention|discuss|address|disclose)", r"risk factors?", r"guidance", r"according to (?:the )?(?:research|note|analyst|management)",
)  # fmt: skip


def _is_of_documents(text: str) -> bool:
    return _DOCUMENTS.search(text) is not None


def _of_words(text: str, stocks: int) -> Intent:
    for pattern, intent in (
        (_NEWS, Intent.NEWS),
        (_SUMMARY, Intent.SUMMARY),
        (_SAID, Intent.SAID),
        (_EXPLAINED, Intent.SAID),
    ):
        if pattern.search(text):
            return intent
    if stocks > 1 and _RANKED.search(text):
        return Intent.RANKING
    if stocks > 1 and _COMPARED.search(text):
        return Intent.COMPARISON
    if _CHANGED.search(text) or _TREND.search(text):
        return Intent.CHANGE
    return Intent.OTHER
