"""What kind of business a company is, as far as its accounts go.

A bank has no gross margin and a railway no deposits: the profile decides which
measures speak for a company. From the SIC code (division of corporation
finance list), with the industry's name where SIC lumps different trades.
"""

from __future__ import annotations

from enum import StrEnum


class Profile(StrEnum):
    BANK = "bank"
    INSURER = "insurer"
    REAL_ESTATE = "real_estate"
    PAYMENTS = "payments"
    SOFTWARE = "software"
    SEMICONDUCTORS = "semiconductors"
    RETAIL = "retail"
    PHARMA = "pharma"
    ENERGY = "energy"
    RAIL = "rail"
    UTILITY = "utility"
    INDUSTRIAL = "industrial"


_RANGES = (
    (Profile.BANK, 6020, 6199),
    (Profile.INSURER, 6300, 6411),
    (Profile.REAL_ESTATE, 6500, 6599),
    (Profile.REAL_ESTATE, 6798, 6798),
    (Profile.SOFTWARE, 7370, 7379),
    (Profile.SEMICONDUCTORS, 3674, 3674),
    (Profile.SEMICONDUCTORS, 3663, 3663),
    (Profile.RETAIL, 5200, 5999),
    (Profile.PHARMA, 2833, 2836),
    (Profile.PHARMA, 8731, 8731),
    (Profile.ENERGY, 1300, 1399),
    (Profile.ENERGY, 2900, 2999),
    (Profile.RAIL, 4011, 4013),
    (Profile.UTILITY, 4900, 4991),
)


def profile(sic: str, industry: str = "") -> Profile:
    """``sic``: four digits, or empty where unknown (then industrial)."""
    if "payment" in industry.lower():
        return Profile.PAYMENTS
    if "reit" in industry.lower().split():
        return Profile.REAL_ESTATE
    code = int(sic) if sic.isdigit() else 0
    return next((kind for kind, low, high in _RANGES if low <= code <= high), Profile.INDUSTRIAL)
