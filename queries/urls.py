from django.urls import path

from queries import views

app_name = "queries"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("<uuid:pk>/", views.conversation, name="conversation"),
    path("<uuid:pk>/delete/", views.delete, name="delete"),
    path("answers/<uuid:pk>/", views.answer, name="answer"),
    path("answers/<uuid:pk>/stop/", views.stop, name="stop"),
    path("answers/<uuid:pk>/again/", views.resume, name="resume"),
    path("answers/<uuid:pk>/feedback/", views.feedback, name="feedback"),
]
