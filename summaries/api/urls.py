from django.urls import path

from summaries.api import views

app_name = "api"
urlpatterns = [
    path("stocks/", views.StockList.as_view(), name="stocks"),
    path("stocks/<str:ticker>/", views.StockDetail.as_view(), name="stock"),
    path("stocks/<str:ticker>/summary/", views.StockSummary.as_view(), name="stock-summary"),
    path("summaries/", views.SummaryList.as_view(), name="summaries"),
    path("summaries/<int:pk>/", views.SummaryDetail.as_view(), name="summary"),
    path("citations/", views.CitationList.as_view(), name="citations"),
    path("citations/<int:pk>/", views.CitationDetail.as_view(), name="citation"),
    path("batch-runs/", views.BatchRunList.as_view(), name="batch-runs"),
    path("batch-runs/<int:pk>/", views.BatchRunDetail.as_view(), name="batch-run"),
    path("batch-runs/<int:pk>/items/", views.BatchItemList.as_view(), name="batch-items"),
    path("schema/", views.Schema.as_view(), name="schema"),
]
