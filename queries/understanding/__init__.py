"""A question in, what is meant out: companies, figures, periods and what is wanted of them."""

from queries.understanding.listings import Listing, Register
from queries.understanding.meaning import understand
from queries.understanding.routing import route
from queries.understanding.values import Intent, Meant, When

__all__ = ["Intent", "Listing", "Meant", "Register", "When", "route", "understand"]
