"""The entry point of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eser.settings")
application = get_wsgi_application()

# Everything is imported now, a quarter of a million objects that stay as long as the process: a search for
# cycles among them would let everybody wait for a fifth of a second.
get_resolver().url_patterns  # noqa: B018  imports every view
gc.collect()
gc.freeze()
