"""The operators' view of experiments."""

from experiments.admin import ab_tests, records

__all__ = ["ab_tests", "records"]
