"""The evidence of a question: what its asker may read, in numbered pieces."""
