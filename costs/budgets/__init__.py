"""Budgets: ``reserve`` before a call, ``spend`` after it, ``adjust`` what turns out otherwise."""

from costs.budgets.reserving import reserve
from costs.budgets.spending import adjust, spend

__all__ = ["adjust", "reserve", "spend"]
