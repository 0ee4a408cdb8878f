"""The last resort: a service that is down is told apart from a defect of ours, and no answer is blank."""

import sys
from collections.abc import Callable
from http import HTTPStatus

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


class OnlyByAForm:
    """A 405 with nothing in it gets its sentence; innermost, so that the frame of the page is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        told = views.only_by_a_form(request)
        told["Allow"] = response["Allow"]
        return told
