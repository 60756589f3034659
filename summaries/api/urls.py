from django.urls import path

from summaries.api import checks, corpus, market, views

app_name = "api"
urlpatterns = [
    path("stocks/", views.StockList.as_view(), name="stocks"),
    path("stocks/<str:ticker>/", views.StockDetail.as_view(), name="stock"),
    path("stocks/<str:ticker>/summary/", views.StockSummary.as_view(), name="stock-summary"),
    path("stocks/<str:ticker>/filings/", corpus.StockFilings.as_view(), name="stock-filings"),
    path("stocks/<str:ticker>/research/", corpus.StockResearch.as_view(), name="stock-research"),
    path("stocks/<str:ticker>/prices/", market.StockPrices.as_view(), name="stock-prices"),
    path("stocks/<str:ticker>/estimates/", market.StockEstimates.as_view(), name="stock-estimates"),
    path(
        "stocks/<str:ticker>/fundamentals/",
        market.StockFundamentals.as_view(),
        name="stock-fundamentals",
    ),
    path("summaries/", views.SummaryList.as_view(), name="summaries"),
    path("summaries/<int:pk>/", views.SummaryDetail.as_view(), name="summary"),
    path("citations/", views.CitationList.as_view(), name="citations"),
    path("citations/<int:pk>/", views.CitationDetail.as_view(), name="citation"),
    path("facts/<int:pk>/", corpus.FactDetail.as_view(), name="fact"),
    path("documents/", corpus.DocumentList.as_view(), name="documents"),
    path("documents/<int:pk>/", corpus.DocumentDetail.as_view(), name="document"),
    path("search/", corpus.Search.as_view(), name="search"),
    path("checks/", checks.Checks.as_view(), name="checks"),
    path("batch-runs/", views.BatchRunList.as_view(), name="batch-runs"),
    path("batch-runs/<int:pk>/", views.BatchRunDetail.as_view(), name="batch-run"),
    path("batch-runs/<int:pk>/items/", views.BatchItemList.as_view(), name="batch-items"),
    path("schema/", views.Schema.as_view(), name="schema"),
]
