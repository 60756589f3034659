"""Documents cut into passages, with their words and vectors: what search looks through."""

from summaries.passages.filling import Filled, fill_embeddings
from summaries.passages.indexing import Indexed, drop_passages, index_document
from summaries.passages.spaces import NotComplete, activate, add_model, retire
from summaries.passages.stored import index_statements, index_stored

__all__ = [
    "Filled",
    "Indexed",
    "NotComplete",
    "activate",
    "add_model",
    "drop_passages",
    "fill_embeddings",
    "index_document",
    "index_statements",
    "index_stored",
    "retire",
]
