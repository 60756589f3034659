"""Regression: the product's own texts and verdicts, scored on a suite of cases whose truth is known.

A case goes in, the product's output comes out (`running`), five evaluators score it
(`evaluators`), the scores are graded against thresholds and an earlier run (`grading`) and kept
(`keeping`). Nothing here publishes, holds or withdraws a text.
"""
