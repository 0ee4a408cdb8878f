"""Pages about the pages."""

from django.conf import settings
from django.urls import path

from ui import views

app_name = "ui"
urlpatterns = [path("accessibility/", views.accessibility, name="accessibility")]
if settings.DEBUG:
    urlpatterns.append(path("gallery/", views.gallery, name="gallery"))
