"""What a call costs: price list, usage ledger, budgets, alerts, reports. Imports no sibling."""
