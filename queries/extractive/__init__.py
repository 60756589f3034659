"""Answers without a model: figures in the writer's phrases, and the sources' own sentences."""

from queries.extractive.writing import Extract, closest, written

__all__ = ["Extract", "closest", "written"]
