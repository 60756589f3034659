from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "fa_site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.apps import apps

        from fa_site.access import set_groups

        # After the last app's own permissions are made.
        post_migrate.connect(
            set_groups, sender=apps.get_app_config("queries"), dispatch_uid="fa_site.groups"
        )
