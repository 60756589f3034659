from django.urls import path

from queries.api import conversations, queries

app_name = "queries-api"
urlpatterns = [
    path("queries/", queries.Queries.as_view(), name="queries"),
    path("queries/<uuid:pk>/", queries.QueryDetail.as_view(), name="query"),
    path("queries/<uuid:pk>/stop/", queries.QueryStop.as_view(), name="stop"),
    path("queries/<uuid:pk>/resume/", queries.QueryResume.as_view(), name="resume"),
    path("queries/<uuid:pk>/feedback/", queries.QueryFeedback.as_view(), name="feedback"),
    path("conversations/", conversations.Conversations.as_view(), name="conversations"),
    path("conversations/all/", conversations.Overseen.as_view(), name="all-conversations"),
    path(
        "conversations/<uuid:pk>/", conversations.ConversationDetail.as_view(), name="conversation"
    ),
    path(
        "conversations/<uuid:pk>/queries/",
        conversations.ConversationQueries.as_view(),
        name="conversation-queries",
    ),
    path("conversations/<uuid:pk>/share/", conversations.ConversationShare.as_view(), name="share"),
    path("conversations/<uuid:pk>/hold/", conversations.ConversationHold.as_view(), name="hold"),
    path(
        "conversations/<uuid:pk>/export/",
        conversations.ConversationExport.as_view(),
        name="export",
    ),
]
