"""What a call costs: price list, usage ledger, budgets, reports. Imports no sibling."""
