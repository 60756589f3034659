"""Where everything is."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from costs.views import spending
from fa_site import health, metrics, views
from summaries.admin import review

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("health", health.health, name="health"),
    path("ready", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/login/", views.admin_sign_in),
    path("admin/costs/spending/", spending, name="spending"),
    path("admin/summaries/review/", review.queue, name="review_queue"),
    path("admin/summaries/review/<int:pk>/", review.text, name="review_text"),
    path("admin/summaries/review/<int:pk>/decide/", review.decide, name="review_decide"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("costs.api.urls")),
    path("api/v1/", include("experiments.api.urls")),
    path("api/v1/", include("queries.api.urls")),
    path("api/v1/", include("summaries.api.urls")),
    path("ask/", include("queries.urls")),
    path("", include("summaries.urls")),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
