"""Summaries written by models: evidence in, claims with exact quotes out, tiers from those
that the verifier proves.

Nothing here publishes: what comes out is a draft and what the verifier found of it.
"""

from summaries.authoring.asking import Matter, versions
from summaries.authoring.choosing import models_write
from summaries.authoring.desk import Authored, Desk, Door, KeepAlive, NotAuthored, author
from summaries.authoring.feedback import Fault, Feedback
from summaries.authoring.pack import pack_of
from summaries.authoring.spending import spent

__all__ = [
    "Authored",
    "Desk",
    "Door",
    "Fault",
    "Feedback",
    "KeepAlive",
    "Matter",
    "NotAuthored",
    "author",
    "models_write",
    "pack_of",
    "spent",
    "versions",
]
