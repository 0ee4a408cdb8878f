"""Settings, URLs, Celery and the web server: wires everything together."""

from eser.celery import app as celery_app

__all__ = ["celery_app"]
