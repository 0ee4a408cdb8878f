"""The last resort: a service that is down is told apart from a defect of ours."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from kombu.exceptions import OperationalError as BrokerDown
from redis.exceptions import ConnectionError as ValkeyDown

from ui import views

DOWN = (OperationalError, InterfaceError, BrokerDown, ValkeyDown)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with a sentence when the database or the broker cannot be reached, 500 otherwise."""
    if isinstance(sys.exc_info()[1], DOWN):
        return views.unavailable(request)
    return views.server_error(request)
