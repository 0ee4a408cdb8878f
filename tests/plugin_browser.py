"""A real Chromium for tests marked `browser`.

Where none is found these tests are listed by name as not run; with ESER_BROWSER_REQUIRED=1 they fail.
Loaded by tests/conftest.py.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# The headless shell is the same engine without the window that nobody sees: pages cost a quarter less.
NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
)  # fmt: skip
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REASON = "not run: no Chromium was found"


def find_chromium() -> str | None:
    """CHROMIUM from the environment, or the first known name on the path."""
    if named := os.environ.get("CHROMIUM"):
        return named if Path(named).is_file() else None
    return next(filter(None, map(shutil.which, NAMES)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_chromium() or required():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=REASON))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    names = sorted(report.nodeid for report in skipped if REASON in str(report.longrepr))
    if names:
        terminalreporter.section(f"{len(names)} browser tests not run: no Chromium was found")
        for name in names:
            terminalreporter.write_line(name)


def required() -> bool:
    return os.environ.get("ESER_BROWSER_REQUIRED") == "1"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    found = find_chromium()
    if found is None:
        pytest.fail(
            "No Chromium was found, and ESER_BROWSER_REQUIRED=1 demands one. Install it, or set CHROMIUM."
        )
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One for the tests of a module: Playwright keeps an event loop in this thread while it runs."""
    # Django would take the tests for asynchronous callers.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages, each of a visitor of its own: `browser_page(width=400)`, with any option of a context.

    A script that fails, or a breach of the Content-Security-Policy, on any of them fails the test.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def new_page(width: int = 1280, height: int = 900, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda m: troubles.append(m.text) if "Content Security Policy" in m.text else None)
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def site(own_database):
    """The address of the whole product, served on a database where commits are real."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://{server.host}:{server.port}"
    server.terminate()
