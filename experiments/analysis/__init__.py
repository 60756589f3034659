"""From rows to the verdict."""

from experiments.analysis.analysing import Analysis, Unstarted, analyse

__all__ = ["Analysis", "Unstarted", "analyse"]
