"""Writers: facts in, claims out. Pure, and unknown to the verifier, which reads only the text."""

from summaries.writing.extractive import VERSION, WRITER, Draft, NotEnoughFacts, write
from summaries.writing.topics import Sentence

__all__ = ["VERSION", "WRITER", "Draft", "NotEnoughFacts", "Sentence", "write"]
