"""What providers say they billed, compared with the ledger, and what was unknown made known."""

from costs.reconciling.estimates import EstimateError, estimate_error
from costs.reconciling.importing import AlreadyImported, import_export
from costs.reconciling.lines import Malformed
from costs.reconciling.outcome import Difference, Outcome
from costs.reconciling.unresolved import Unresolved, assume_billed, assume_not_billed, unresolved

__all__ = [
    "AlreadyImported",
    "Difference",
    "EstimateError",
    "Malformed",
    "Outcome",
    "Unresolved",
    "assume_billed",
    "assume_not_billed",
    "estimate_error",
    "import_export",
    "unresolved",
]
