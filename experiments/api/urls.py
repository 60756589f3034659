from django.urls import path

from experiments.api import views

app_name = "experiments-api"
urlpatterns = [
    path("experiments/", views.ABTests.as_view(), name="tests"),
    path("experiments/<slug:key>/", views.ABTestDetail.as_view(), name="test"),
    path("experiments/<slug:key>/compare/", views.Compare.as_view(), name="compare"),
    path("experiments/<slug:key>/traffic/", views.Traffic.as_view(), name="traffic"),
]
