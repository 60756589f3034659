"""/api/v1/queries/ and /api/v1/conversations/."""
