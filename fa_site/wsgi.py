"""The pages and the API, for a WSGI server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fa_site.settings")

from fa_site.services import attach

attach()

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
