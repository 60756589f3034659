from django.urls import path

from summaries import views

app_name = "summaries"
urlpatterns = [
    path("", views.stock_list, name="stocks"),
    path("stocks/<str:ticker>/", views.stock, name="stock"),
    path("stocks/<str:ticker>/history/", views.history, name="history"),
    path("stocks/<str:ticker>/history/<int:version>/", views.version, name="version"),
    path("citations/<int:pk>/", views.citation, name="citation"),
    path("facts/<int:pk>/", views.fact, name="fact"),
    path("search/", views.search, name="search"),
    path("check/", views.check, name="check"),
    path("documents/<int:pk>/", views.document, name="document"),
]
