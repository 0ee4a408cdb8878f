"""The official Ed-Fi OpenAPI extract (Data Standard 5.0): its documents, and what it says of a payload.

It stands beside the project, not in it; where it is not there, nothing is judged by it.
"""

import json
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator

EXTRACT = Path(__file__).parents[3] / "shared/domain/edfi/openapi/edfi-ds5-sped-extract.openapi.json"
NAMED = re.compile(r"#/components/schemas/(\w+)")
IS_THERE = EXTRACT.exists()


@cache
def document() -> dict:
    return json.loads(EXTRACT.read_text())


def part(component: str) -> dict:
    """The document as a server gives it for "resources" or for "descriptors"."""
    wanted = component == "descriptors"
    all_of_them = document()["paths"].items()
    paths = {at: said for at, said in all_of_them if at.split("/")[2].endswith("Descriptors") is wanted}
    return {**document(), "paths": paths}


def only(resources: Collection[str]) -> dict:
    """The document cut to these resources and what they refer to, so that a checker starts sooner."""
    whole = document()
    paths = {at: said for at, said in whole["paths"].items() if at.split("/")[2] in resources}
    schemas: dict[str, dict] = {}
    waiting = [paths]
    while waiting:
        for name in NAMED.findall(json.dumps(waiting.pop())):
            if name not in schemas:
                schemas[name] = whole["components"]["schemas"][name]
                waiting.append(schemas[name])
    return {**whole, "paths": paths, "components": {**whole["components"], "schemas": schemas}}


def why_not(item: str, payload: object) -> list[str]:
    """What breaks the definition of a resource's item; nothing where the extract does not know it."""
    name = f"edFi_{item[0].lower()}{item[1:]}"
    if not IS_THERE or name not in document()["components"]["schemas"]:
        return []
    return [error.message for error in _validator(name).iter_errors(payload)]


@cache
def _validator(name: str) -> Draft202012Validator:
    """With Ed-Fi's x-nullable said in the words of JSON Schema, and no field beside the known ones."""
    whole = json.loads(EXTRACT.read_text())
    for schema in whole["components"]["schemas"].values():
        schema["additionalProperties"] = False
        for properties in schema.get("properties", {}).values():
            if properties.pop("x-nullable", False) and "type" in properties:
                properties["type"] = [properties["type"], "null"]
    return Draft202012Validator({**whole, "$ref": f"#/components/schemas/{name}"})


def properties_of(resource: str) -> dict[str, dict]:
    """The fields of an item of a resource by name, each with the fields beneath it."""
    return _beneath(document()["components"]["schemas"][f"edFi_{resource.removesuffix('s')}"])


def _beneath(schema: dict) -> dict[str, dict]:
    if "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "items" in schema:
        return _beneath(schema["items"])
    return {name: _beneath(each) for name, each in schema.get("properties", {}).items()}
