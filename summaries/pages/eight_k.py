"""What the items of a Form 8-K mean (Form 8-K, General Instructions and captions)."""

from __future__ import annotations

_NAMES = {
    "1.01": "material agreement",
    "1.02": "agreement ended",
    "1.03": "bankruptcy",
    "1.05": "cybersecurity incident",
    "2.01": "acquisition or disposal completed",
    "2.02": "results of operations",
    "2.03": "new obligation",
    "2.04": "obligation accelerated",
    "2.05": "exit costs",
    "2.06": "impairment",
    "3.01": "listing notice",
    "3.02": "unregistered sale of equity",
    "3.03": "rights of holders changed",
    "4.01": "change of accountant",
    "4.02": "earlier statements not to be relied on",
    "5.01": "change of control",
    "5.02": "directors or officers",
    "5.03": "charter, bylaws or fiscal year",
    "5.07": "shareholders’ vote",
    "7.01": "Regulation FD disclosure",
    "8.01": "other events",
    "9.01": "exhibits",
}


def item_name(number: str) -> str:
    """In plain words; empty for an item that we don't name."""
    return _NAMES.get(number, "")
