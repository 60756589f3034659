"""The one door to every language and embedding model."""
