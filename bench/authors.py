"""What the loopback models of the benches answer."""

from tests.vendors.summariser import Summariser

summariser = Summariser()
