"""Batch runs: a row a stock, each done once whoever dies on the way.

Valkey only says "look at this item"; the database alone decides. A lost message
is sent again, a doubled one finds nothing to claim.
"""

from summaries.batches.claims import ClaimedItem, ClaimLost, claim, fail, release
from summaries.batches.report import CompanyLine, Report, report
from summaries.batches.runs import NoStocks, cancel_run, expire_claims, start_run

__all__ = [
    "ClaimLost",
    "ClaimedItem",
    "CompanyLine",
    "NoStocks",
    "Report",
    "cancel_run",
    "claim",
    "expire_claims",
    "fail",
    "release",
    "report",
    "start_run",
]
