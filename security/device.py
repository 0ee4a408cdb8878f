"""From where somebody works, in words that the person recognises: "Firefox on Windows"."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"),
    ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(request: HttpRequest) -> str:
    """What the browser says that it is; a program is "another program"."""
    agent = request.headers.get("User-Agent", "")
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    return " on ".join(filter(None, (browser, system))) or "another program"


def address_of(request: HttpRequest) -> str | None:
    """The network address, read past as many proxies as ESER_PROXIES says; None when it is no address."""
    said = request.headers.get("X-Forwarded-For", "").split(",") if settings.ESER_PROXIES else []
    chain = [*said, request.META.get("REMOTE_ADDR", "")]
    try:
        return str(ip_address(chain[-1 - min(settings.ESER_PROXIES, len(chain) - 1)].strip()))
    except ValueError:
        return None


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in names if mark in agent), "")
