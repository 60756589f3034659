from django.urls import path

from costs.api import views

app_name = "costs-api"
urlpatterns = [
    path("costs/spending/", views.Spending.as_view(), name="spending"),
    path("costs/series/", views.Series.as_view(), name="series"),
    path("costs/savings/", views.Savings.as_view(), name="savings"),
    path("costs/units/", views.Units.as_view(), name="units"),
    path("costs/budgets/", views.Budgets.as_view(), name="budgets"),
    path("costs/export/", views.Export.as_view(), name="export"),
    path("costs/ledger/", views.Ledger.as_view(), name="ledger"),
]
