"""The product's settings with one address more: the bare view that whole pages are measured against."""

from eser.settings import *  # noqa: F403
from eser.settings import STORAGES

ROOT_URLCONF = "tests.bench.urls"
# Plain names of files, so that no run waits for them to be collected and compressed.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ESER_SECOND_FACTOR = "offered"  # what is measured are the pages behind it
