"""Measurements: one file a bench, one JSON line a figure; ratios, never absolute promises."""
