"""The product's addresses and a bare view with one query, open to everybody."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

BARE = "bench/one-query"


@login_not_required
def one_query(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM organizations_district ORDER BY id LIMIT 1")
        return HttpResponse(cursor.fetchone()[0])


urlpatterns = [path(BARE, one_query), path("", include("eser.urls"))]
