"""Rows of questions, conversations and plans."""

from queries.models.conversations import (
    AnswerCitation,
    Checkpoint,
    Conversation,
    Query,
)
from queries.models.feedback import Feedback
from queries.models.plans import UsagePlan, UserPlan, plan_of
from queries.models.reads import Read
from queries.models.rights import ASK, OVERSEE

__all__ = [
    "ASK",
    "OVERSEE",
    "AnswerCitation",
    "Checkpoint",
    "Conversation",
    "Feedback",
    "Query",
    "Read",
    "UsagePlan",
    "UserPlan",
    "plan_of",
]
