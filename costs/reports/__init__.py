"""Where the money went: sums over the ledger, never a figure that isn't on it."""
