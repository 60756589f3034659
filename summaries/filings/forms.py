"""The items that each form asks for, by number, with words that open their headings.

Sources: Form 10-K, 10-Q, 8-K and 20-F as the SEC prints them; 8-K items 1 to 12 are those before
August 2004. Patterns are searched at the start of a heading's title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Item:
    item: str
    name: str
    title: re.Pattern[str]
    rank: int
    is_telling: bool  # its title is known without its number


_TEN_K = r"""
1 = Business = (?:general\s+|our\s+|description of\s+(?:the\s+)?)?business
1A = Risk Factors = risk\s+factors
1B = Unresolved Staff Comments = unresolved\s+staff
1C = Cybersecurity = cyber\s?security
2 = Properties = (?:description of\s+)?propert(?:y|ies)\b
3 = Legal Proceedings = legal\s+proceedings
4 = Mine Safety Disclosures = mine\s+safety|submission\s+of\s+matters|\(?removed|\[?reserved
5 = Market for Common Equity = market\s+(?:for|price|information)
6 = Selected Financial Data = (?:\W*selected\s+(?:consolidated\s+)?(?:historical\s+)?financial|\W*reserved|consolidated selected)
7 = MD&A = management.{0,2}s?.{0,2}\s+discussion
7A = Market Risk = (?:quantitative|qualitative)\s+and\s+(?:qualitative|quantitative)|market\s+risk
8 = Financial Statements = (?:consolidated\s+)?financial\s+statements|index\s+to\s+(?:consolidated\s+)?financial
9 = Changes in Accountants = changes?\s+in\s+and\s+dis|disagreements
9A = Controls and Procedures = controls?\s+and\s+procedures
9B = Other Information = other\s+information
9C = Foreign Jurisdictions = disclosures?\s+regarding\s+foreign
10 = Directors and Officers = directors|executive\s+officers\s+and
11 = Executive Compensation = executive\s+compensation
12 = Security Ownership = security\s+ownership
13 = Related Transactions = certain\s+relationships
14 = Accountant Fees = principal\s+account
15 = Exhibits = exhibits?\b
16 = Form 10-K Summary = form\s+10-k\s+summary|summary
"""
_TEN_Q = r"""
I.1 = Financial Statements = (?:consolidated\s+|interim\s+|condensed\s+|unaudited\s+)*financial\s+(?:statements|information)|(?:un)?audited\s+financial
I.2 = MD&A = management.{0,2}s?.{0,2}\s+discussion
I.3 = Market Risk = (?:quantitative|qualitative)\s+and\s+(?:qualitative|quantitative)|market\s+risk
I.4 = Controls and Procedures = controls?\s+and\s+procedures
II.1 = Legal Proceedings = legal\s+proceedings
II.1A = Risk Factors = risk\s+factors
II.2 = Unregistered Sales = (?:unregistered\s+)?sales?\s+of\s+(?:unregistered|equity)|unregistered|issuer\s+purchases|purchases?\s+of\s+equity|changes\s+in\s+securities
II.3 = Defaults = defaults?\s+upon
II.4 = Mine Safety Disclosures = mine\s+safety|submission\s+of\s+matters|\(?removed|\[?reserved
II.5 = Other Information = other\s+information
II.6 = Exhibits = exhibits?\b
"""
_EIGHT_K = r"""
1 = Changes in Control = changes?\s+in\s+control
2 = Acquisition or Disposition = acquisition
3 = Bankruptcy = bankruptcy
4 = Changes in Accountant = changes?\s+in\s+(?:registrant|certifying|account)
5 = Other Events = other\s+(?:events|materially)
6 = Resignation of Directors = resignation
7 = Financial Statements and Exhibits = (?:consolidated\s+)?financial|exhibits?
8 = Change in Fiscal Year = change\s+in\s+fiscal
9 = Regulation FD = regulation\s+fd
10 = Code of Ethics = amendments?\s+to
11 = Blackout Periods = temporary
12 = Results of Operations = results\s+of|disclosure\s+of\s+results
1.01 = Material Agreement = entry|amendment\s+of\s+a|material\s+definitive
1.02 = Termination of Agreement = termination
1.03 = Bankruptcy = bankruptcy
1.04 = Mine Safety = mine\s+safety
1.05 = Cybersecurity Incidents = material\s+cyber
2.01 = Acquisition or Disposition = completion
2.02 = Results of Operations = results\s+of
2.03 = Direct Financial Obligation = creation\s+of
2.04 = Triggering Events = triggering
2.05 = Exit Costs = costs?\s+associated
2.06 = Material Impairments = material\s+impairment
3.01 = Delisting = notice\s+of
3.02 = Unregistered Sales = unregistered
3.03 = Rights of Security Holders = material\s+modif
4.01 = Changes in Accountant = changes?\s+in\s+(?:the\s+)?(?:registrant|compan|certifying|issuer|account|independent|principal)
4.02 = Non-Reliance = non-?\s?reliance
5.01 = Changes in Control = changes?\s+in\s+control
5.02 = Directors and Officers = departure|appointment|election|compensatory
5.03 = Articles or Bylaws = (?:amendments?|changes?)\s+(?:to|in|of)\s+(?:the\s+)?(?:articles|certificate|by-?\s?laws|charter|fiscal)
5.04 = Blackout Periods = temporary
5.05 = Code of Ethics = amendments?\s+to\s+(?:the\s+)?(?:registrant|compan|code)
5.06 = Shell Company = change\s+in\s+shell
5.07 = Shareholder Vote = submission
5.08 = Shareholder Nominations = shareholder
6.01 = ABS Material = abs
6.02 = ABS Servicer = change\s+of
6.03 = ABS Credit Enhancement = change\s+in
6.04 = ABS Distribution = failure
6.05 = ABS Updating = securities
7.01 = Regulation FD = regulation\s+fd
8.01 = Other Events = other\s+events
9.01 = Financial Statements and Exhibits = financial|exhibits?
"""
_TWENTY_F = r"""
1 = Identity of Directors = identity
2 = Offer Statistics = offer\s+statistics
3 = Key Information = key\s+information
3A = Selected Financial Data = selected\s+(?:consolidated\s+)?financial|\W*reserved
3B = Capitalization = capitali[sz]ation
3C = Reasons for the Offer = reasons
3D = Risk Factors = risk\s+factors
4 = Company Information = information\s+on\s+the
4A = Unresolved Staff Comments = unresolved
4A. = History and Development = history\s+and
4B = Business = business\s+overview
4C = Organization = organi[sz]ational
4D = Properties = property
5 = Operating and Financial Review = operating\s+and\s+financial|management.{0,2}s?\s+discussion
5A = Operating Results = operating\s+results|results\s+of\s+operations
5B = Liquidity = liquidity
5C = Research and Development = research
5D = Trends = trend
5E = Critical Accounting Estimates = off-balance|critical
5F = Contractual Obligations = tabular|contractual
6 = Directors and Employees = directors,?\s+senior
7 = Major Shareholders = major\s+shareholders
8 = Financial Information = financial\s+information
9 = Offer and Listing = the\s+offer|offer\s+and
10 = Additional Information = additional\s+information
11 = Market Risk = (?:quantitative|qualitative)\s+and
12 = Other Securities = description\s+of\s+securities
13 = Defaults = defaults
14 = Modifications of Rights = material\s+modif
15 = Controls and Procedures = controls?\s+and|disclosure\s+controls
16 = Reserved = \W*reserved
16A = Audit Committee Expert = audit\s+committee
16B = Code of Ethics = code\s+of
16C = Accountant Fees = principal
16D = Listing Exemptions = exemptions?
16E = Issuer Purchases = purchases?
16F = Changes in Accountant = changes?\s+in
16G = Corporate Governance = corporate\s+gov
16H = Mine Safety = mine
16I = Foreign Jurisdictions = disclosures?
16J = Insider Trading Policies = insider
16K = Cybersecurity = cyber
17 = Financial Statements = (?:consolidated\s+)?financial\s+statements
18 = Financial Statements = (?:consolidated\s+)?financial\s+statements
19 = Exhibits = exhibits?
"""

_FORMS = {"10-K": _TEN_K, "10-Q": _TEN_Q, "8-K": _EIGHT_K, "20-F": _TWENTY_F}


def family(form: str) -> str:
    """ "10-K" for "10-K/A", "10-K405" and "10-KT"; empty for a form without items."""
    return next((name for name in _FORMS if form.strip().upper().startswith(name)), "")


@cache
def items(form: str) -> tuple[Item, ...]:
    """The items of a form's family, in its order; none for a form without items."""
    rows = _FORMS.get(family(form), "").strip().splitlines()
    found = []
    for rank, row in enumerate(rows):
        item, name, pattern = (part.strip() for part in row.split(" = ", 2))
        title = re.compile(rf"\W*(?:our\s+|the\s+)?(?:{pattern})", re.IGNORECASE)
        found.append(Item(item.rstrip("."), name, title, rank, family(form) != "8-K"))
    return tuple(found)
