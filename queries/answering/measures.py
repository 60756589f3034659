"""What finance calls the parts of statements, and how it defines the ratios of them."""

from __future__ import annotations

from summaries.verification.documents.tabular.lines import terms_of

# Parts of statements, by their name in `concepts`. Those that are spent count as positive.
_CONCEPTS = {
    "revenue": "revenue|total revenue|net revenue|total net revenue|net sales|sales|total sales"
    "|total revenues|total net sales",
    "cogs": "cogs|cost of goods sold|cost of sales|cost of revenue|total cogs",
    "gross": "gross profit",
    "operating": "operating income|operating profit|income from operations|ebit",
    "da": "depreciation and amortization|d&a|depreciation & amortization"
    "|depreciation and amortization expense|d a",
    "net": "net income|net earnings|net profit",
    "capex": "capex|capital expenditure|capital expenditures|capital spending",
    "ocf": "cash flow from operations|operating cash flow|cash from operations|cash flow from"
    " operating activities|cash from operating activities|net cash from operating activities"
    "|net cash provided by operating activities|cash flows from operating activities",
    "assets": "total assets|assets",
    "liabilities": "total liabilities",
    "current_assets": "total current assets|current assets",
    "current_liabilities": "total current liabilities|current liabilities",
    "inventory": "inventory|inventories|total inventory|net inventory",
    "receivables": "accounts receivable|net accounts receivable|receivables|net receivables"
    "|ar|net ar|trade receivables",
    "payables": "accounts payable|payables|trade payables",
    "cash": "cash and cash equivalents|cash & cash equivalents",
    "short_investments": "short term investments|marketable securities",
    "fixed": "pp&e|net pp&e|ppne|net ppne|property plant and equipment|net property plant and"
    " equipment|property plant and equipment net|fixed assets|net fixed assets",
    "equity": "total equity|shareholders equity|stockholders equity|total shareholders equity"
    "|total stockholders equity",
    "tax": "income tax expense|provision for income taxes|income taxes|tax expense",
    "pretax": "pretax income|income before taxes|income before income taxes|earnings before taxes",
    "interest": "interest expense",
    "dividends": "dividends paid|cash dividends paid|dividends|cash dividends|total cash dividends"
    "|total cash dividends paid out",
    "owned": "net income attributable to shareholders|net income attributable to common"
    " shareholders|net income attributable to stockholders",
    "diluted": "diluted eps|diluted earnings per share",
    "rnd": "r&d|r&d expense|research and development|research and development expense",
    "sga": "sg&a|sg&a expense|selling general and administrative expense",
}  # fmt: skip
# Balances: a negative figure of that name is how a cash flow statement prints their change.
HELD = frozenset(
    "assets liabilities current_assets current_liabilities inventory receivables payables cash"
    " short_investments fixed".split()
)
SPENT = frozenset("cogs capex da interest dividends tax rnd sga".split())
_DEFINED = {
    "ebitda|unadjusted ebitda": "operating income + depreciation and amortization",
    "gross profit|gross margin in dollars": "revenue - cost of goods sold",
    "gross margin|gross profit margin|gross": "gross profit as a % of revenue",
    "operating margin|operating income margin|operating profit margin":
        "operating income as a % of revenue",
    "net margin|net profit margin|net income margin|profit margin": "net income as a % of revenue",
    "free cash flow|fcf": "cash flow from operations - capital expenditures",
    "working capital|net working capital": "total current assets - total current liabilities",
    "working capital ratio|current ratio": "total current assets / total current liabilities",
    "operating cash flow ratio|cash flow ratio":
        "cash flow from operations / total current liabilities",
    "fixed asset turnover|fixed asset turnover ratio": "revenue / average net pp&e",
    "asset turnover|asset turnover ratio|total asset turnover": "revenue / average total assets",
    "inventory turnover|inventory turnover ratio": "cost of goods sold / average inventory",
    "days payable outstanding|dpo|days payables outstanding":
        "365 * average accounts payable / (cost of goods sold + change in inventory)",
    "days sales outstanding|dso": "365 * average accounts receivable / revenue",
    "days inventory outstanding|dio": "365 * average inventory / cost of goods sold",
    "cash conversion cycle|ccc":
        "days inventory outstanding + days sales outstanding - days payable outstanding",
    "return on assets|roa": "net income / average total assets",
    "return on equity|roe": "net income / average total equity",
    "effective tax rate|effective income tax rate":
        "income tax expense as a % of income before income taxes",
    "interest coverage|interest coverage ratio": "operating income / interest expense",
    "dividend payout ratio|payout ratio": "cash dividends paid / net income",
    "retention ratio|earnings retention ratio": "(net income - cash dividends paid) / net income",
    "debt to equity ratio|debt to equity": "total debt / total equity",
}  # fmt: skip
_CONCEPT_OF = {
    frozenset(terms_of(name)): concept
    for concept, names in _CONCEPTS.items()
    for name in names.split("|")
}
_DEFINITION_OF = {
    frozenset(terms_of(name)): expression
    for names, expression in _DEFINED.items()
    for name in names.split("|")
}


def concept_of(terms: frozenset[str]) -> str | None:
    """A part of the statements; None where the words are no usual name of one."""
    return _CONCEPT_OF.get(terms) or _CONCEPT_OF.get(terms - _UNSAID)


def definition_of(terms: frozenset[str]) -> str | None:
    """How finance defines a ratio or result of that name."""
    return _DEFINITION_OF.get(terms) or _DEFINITION_OF.get(terms - _UNSAID)


_UNSAID = frozenset(terms_of("unadjusted amount value figure reported gaap company"))
