from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "fa_site"
    default_auto_field = "django.db.models.BigAutoField"
