"""The permissions of questions; fa_site.access gives them to groups."""

ASK = "queries.ask_question"
OVERSEE = "queries.oversee_conversation"
