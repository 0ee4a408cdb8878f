"""Homes of their own for embedded services, erased afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from eser import embedded


@pytest.fixture(scope="module", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESER_FSYNC", "off")
        yield


@contextmanager
def folder_for_all() -> Iterator[Path]:
    """A folder that every account may walk through, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="eser-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def erased_afterwards(home: Path) -> Iterator[Path]:
    try:
        yield home
    finally:
        embedded.erase(home)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with folder_for_all() as folder:
        yield folder


@pytest.fixture
def new_home(open_folder: Path) -> Iterator[Path]:
    """The home of services that were never started."""
    with erased_afterwards(open_folder / "home") as home:
        yield home


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    with folder_for_all() as folder, erased_afterwards(folder / "home") as home:
        yield home


@pytest.fixture
def home(shared_home: Path) -> Path:
    """The home of running services, which the tests of a module use one after the other."""
    embedded.ensure(shared_home)
    return shared_home
