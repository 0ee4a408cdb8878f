"""The entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from eser.settled import leave_out_what_stays

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eser.settings")
application = get_wsgi_application()
leave_out_what_stays()
