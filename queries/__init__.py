"""Questions and answers: depth tiers, conversations, streaming, feedback."""
