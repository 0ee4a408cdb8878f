"""The description of the API that a vendor writes a client from."""

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema


def test_it_is_valid_and_no_two_things_in_it_share_a_name() -> None:
    with GENERATOR_STATS.silence():
        described = SchemaGenerator().get_schema(public=True)
    told = {*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache}
    validate_schema(described)
    assert told == set()
