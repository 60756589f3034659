"""Which variant, and did it win: A/B tests, flags, statistics, rollouts. Imports no sibling."""
