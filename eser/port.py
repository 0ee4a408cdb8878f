"""The port that the web server listens on."""

import os
import socket


class PortRefused(RuntimeError):
    """The port cannot be used; the message says what to do."""


def port() -> int:
    """ESER_PORT, or 8000. Raises PortRefused."""
    typed = os.environ.get("ESER_PORT", "8000")
    if not typed.isdigit() or not 0 < int(typed) < 65_536:
        raise PortRefused(f"ESER_PORT must be a number from 1 to 65535, not {typed!r}.")
    return int(typed)


def check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as refused:
            raise PortRefused(f"Port {port} needs root. Choose one from 1024: {example(8000)}") from refused
        except OSError as taken:
            raise PortRefused(f"Port {port} is in use. Choose another: {example(port + 1)}") from taken


def example(port: int) -> str:
    return f"ESER_PORT={port if port < 65_536 else 8000} make demo"
