from django.urls import path

from queries.streaming.views import stream

urlpatterns = [path("stream/queries/<uuid:query>/", stream, name="query-stream")]
