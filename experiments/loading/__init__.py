"""Tests from a file: config/ab_tests.yaml."""

from experiments.loading.lines import BadFile
from experiments.loading.loading import Loaded, load

__all__ = ["BadFile", "Loaded", "load"]
