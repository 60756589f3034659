"""Stocks, documents, facts; writing, verification, batch runs, publication."""
