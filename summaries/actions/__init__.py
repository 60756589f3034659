"""What is done to summaries: each atomic, and each with its row in the audit trail."""

from summaries.actions.publication import NotPublishable, publish, reject, withdraw
from summaries.actions.rereading import FailingClaim, reverify
from summaries.actions.states import TRANSITIONS, IllegalTransition
from summaries.actions.summarising import InputsChanged, Outcome, summarise

__all__ = [
    "TRANSITIONS",
    "FailingClaim",
    "IllegalTransition",
    "InputsChanged",
    "NotPublishable",
    "Outcome",
    "publish",
    "reject",
    "reverify",
    "summarise",
    "withdraw",
]
