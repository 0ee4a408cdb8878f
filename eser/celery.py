"""The Celery application: workers and beat find every app's tasks here."""

import os

from celery import Celery
from celery.signals import setup_logging

from eser.heartbeat import Heartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eser.settings")

app = Celery("eser")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(Heartbeat)


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Celery must not replace the log format that keeps personal data out."""
