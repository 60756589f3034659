"""What is done to summaries: each atomic, and each with its row in the audit trail."""

from summaries.actions.publication import (
    NoReason,
    NotApproved,
    NotDone,
    NotPublishable,
    Stale,
    approvals_needed,
    fingerprint,
    publish,
    reject,
    withdraw,
)
from summaries.actions.rereading import FailingClaim, reverify
from summaries.actions.reviewing import AlreadyApproved, AlreadyMarked, approve, mark_false_alarm
from summaries.actions.rewriting import RewritesSpent, SameAgain, ask_rewrite, rewrites
from summaries.actions.states import TRANSITIONS, IllegalTransition
from summaries.actions.summarising import InputsChanged, Outcome, summarise

__all__ = [
    "TRANSITIONS",
    "AlreadyApproved",
    "AlreadyMarked",
    "FailingClaim",
    "IllegalTransition",
    "InputsChanged",
    "NoReason",
    "NotApproved",
    "NotDone",
    "NotPublishable",
    "Outcome",
    "RewritesSpent",
    "SameAgain",
    "Stale",
    "approvals_needed",
    "approve",
    "ask_rewrite",
    "fingerprint",
    "mark_false_alarm",
    "publish",
    "reject",
    "reverify",
    "rewrites",
    "summarise",
    "withdraw",
]
