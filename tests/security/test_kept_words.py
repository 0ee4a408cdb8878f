"""The key under which a browser keeps words that were not sent yet."""

import base64
import re

import pytest

from security.kept_words import keep_key_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_key_of_kept_words_is_of_one_person_and_stays_the_same(browse):
    dana, kofi = UserFactory(), UserFactory()
    assert len(base64.b64decode(keep_key_of(dana))) == 32
    assert keep_key_of(dana) != keep_key_of(kofi)
    shown = [browse(dana).get("/account/").content.decode() for _ in range(2)]
    assert {re.search(r'data-keep-key="([^"]*)"', page)[1] for page in shown} == {keep_key_of(dana)}


def test_who_is_not_signed_in_gets_no_key(client):
    assert "data-keep-key" not in client.get("/sign-in/").content.decode()


def test_another_key_of_the_installation_opens_nothing(settings):
    dana = UserFactory()
    before = keep_key_of(dana)
    settings.ESER_FIELD_KEY = "another"
    assert keep_key_of(dana) != before
