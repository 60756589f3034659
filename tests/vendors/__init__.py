"""Loopback servers that speak Anthropic's and OpenAI's wire formats, and send an invoice.

    with serving_models(latency=0.2) as site:
        client = anthropic.Anthropic(base_url=site.anthropic_url, api_key="fake")
        site.script.add(Fault("status", status=429, retry_after=1, times=2))
        ...
        site.invoice.total()

In a process of their own: `model_process()`, or by hand `python -m tests.vendors`.
"""

from tests.vendors.author import Author, Seen, answer, instance
from tests.vendors.faults import KINDS, Fault, Script
from tests.vendors.invoice import Invoice, Line
from tests.vendors.prices import PRICES, Price
from tests.vendors.process import ModelProcess, model_process
from tests.vendors.site import ModelSite, serving_models
from tests.vendors.world import Asked, Clock, Options

__all__ = [
    "KINDS",
    "PRICES",
    "Asked",
    "Author",
    "Clock",
    "Fault",
    "Invoice",
    "Line",
    "ModelProcess",
    "ModelSite",
    "Options",
    "Price",
    "Script",
    "Seen",
    "answer",
    "instance",
    "model_process",
    "serving_models",
]
