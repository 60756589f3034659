"""The permissions that speak of no single table; fa_site.access gives them to groups."""

READ_PAGES = "summaries.read_pages"
USE_API = "summaries.use_api"
REVIEW_SUMMARIES = "summaries.review_summaries"
