"""How the stand-in answers: routes, authentication, requested trouble, and one handler per verb."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING

from aiohttp import web

from . import official, paging, problems
from .faults import Fault, Kind
from .resources import PARTICIPATION, RESOURCES, SEORA, SSA, SSEPEA, STUDENTS, Resource
from .store import Item, Store

if TYPE_CHECKING:
    from .ods import Ods

ODS = web.AppKey("ods", object)
FOR_PEOPLE = "<html><title>Sign in to the network</title></html>"


def create_app(ods: Ods) -> web.Application:
    app = web.Application(middlewares=[_watch, _answer_problems])
    app[ODS] = ods
    app.on_response_prepare.append(_no_type_without_body)
    for prefix in ("", r"/{year:\d{4}}"):
        data = prefix + r"/data/v3/ed-fi/{resource}"
        app.add_routes(
            [
                web.get(prefix + "/", _discovery),
                web.post(prefix + "/oauth/token", _token),
                web.post(prefix + "/oauth/token_info", _token_info),
                web.get(prefix + "/metadata/data/v3/dependencies", _dependencies),
                web.get(prefix + "/metadata/", _metadata),
                web.get(prefix + "/metadata/data/v3/{component}/swagger.json", _swagger),
                web.get(prefix + "/changeQueries/v1/availableChangeVersions", _versions),
                web.get(data, _list),
                web.get(data + "/partitions", _partitions),
                web.get(data + "/deletes", _deletes),
                web.get(data + "/keyChanges", _key_changes),
                web.post(data, _post),
                web.delete(data, _no_id),
                web.put(data, _no_id),
                web.get(data + "/{id}", _get),
                web.put(data + "/{id}", _put),
                web.delete(data + "/{id}", _delete),
            ]
        )
    return app


@web.middleware
async def _watch(request: web.Request, handler) -> web.StreamResponse:
    """Keep a log of every request, and make the trouble that a test asked for."""
    ods, resource = request.app[ODS], request.match_info.get("resource", request.path.strip("/"))
    is_json = request.can_read_body and request.content_type == "application/json"
    body = await request.json() if is_json else None
    seen = ods.saw(request.method, resource, dict(request.query), body)
    await asyncio.sleep(ods.latency)
    fault = ods.faults.take(request.method, resource)
    if fault and fault.kind is Kind.STATUS:
        seen.status = fault.status
        return _refusal(ods, problems.outage(fault.status), fault.retry_after)
    if fault and fault.kind is Kind.HTML:
        seen.status = fault.status
        return web.Response(status=fault.status, text=FOR_PEOPLE, content_type="text/html")
    if fault and fault.kind is Kind.HOLD:
        await _wait(fault)
    if fault and fault.kind is Kind.DROP:
        return _break_off(request)
    response = await handler(request)
    if fault and fault.kind is Kind.HOLD_ANSWER:
        await _wait(fault)
    if fault and fault.kind is Kind.LOSE_ANSWER:
        return _break_off(request)
    if fault and fault.kind is Kind.HALF:
        return await _half(request)
    seen.status = response.status
    return response


async def _wait(fault: Fault) -> None:
    fault.arrived.set()
    await asyncio.get_running_loop().run_in_executor(None, fault.release.wait, 60)


def _break_off(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _half(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "20", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"id": "')
    _break_off(request)
    return response


@web.middleware
async def _answer_problems(request: web.Request, handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except problems.Problem as problem:
        return _refusal(request.app[ODS], problem)


def _refusal(ods: Ods, problem: problems.Problem, retry_after: str | None = None) -> web.Response:
    kind = "application/json" if ods.old_errors else "application/problem+json"
    headers = {"Retry-After": retry_after} if retry_after else None
    body = problem.body(old_style=ods.old_errors)
    return web.json_response(body, status=problem.status, content_type=kind, headers=headers)


def _empty(status: int, **headers: str) -> web.Response:
    return web.Response(status=status, headers=headers)


async def _no_type_without_body(request: web.Request, response: web.StreamResponse) -> None:
    if isinstance(response, web.Response) and not response.body:
        response.headers.pop("Content-Type", None)


async def _discovery(request: web.Request) -> web.Response:
    """EDFI-B1, without authentication."""
    here, ods = _root(request), request.app[ODS]
    urls = {
        "dependencies": f"{here}/metadata/data/v3/dependencies",
        "openApiMetadata": f"{here}/metadata/",
        "oauth": f"{here}/oauth/token",
        "dataManagementApi": f"{here}/data/v3/",
    }
    if ods.tells_changes:
        urls["changeQueries"] = f"{here}/changeQueries/v1/"
    model = {"name": "Ed-Fi", "version": "5.0.0", "informationalVersion": "The Ed-Fi Data Standard v5.0"}
    return web.json_response({"version": ods.version, "suite": "3", "dataModels": [model], "urls": urls})


def _root(request: web.Request) -> str:
    year = request.match_info.get("year")
    return f"http://{request.host}" + (f"/{year}" if year else "")


async def _token(request: web.Request) -> web.Response:
    """EDFI-B2: key and secret as Basic header or in the form."""
    ods, form = request.app[ODS], await request.post()
    if form.get("grant_type") != "client_credentials":
        return web.json_response({"error": "unsupported_grant_type"}, status=400)
    if _credentials(request, form) != (ods.key, ods.secret):
        return web.json_response({"error": "invalid_client"}, status=401)
    body = {"access_token": ods.new_token(), "expires_in": ods.expires_in, "token_type": "bearer"}
    return web.json_response(body)


def _credentials(request: web.Request, form) -> tuple:
    header = request.headers.get("Authorization", "")
    if header.startswith("Basic "):
        key, _, secret = base64.b64decode(header[6:]).decode().partition(":")
        return key, secret
    return form.get("client_id"), form.get("client_secret")


async def _token_info(request: web.Request) -> web.Response:
    """EDFI-B25."""
    ods = _authenticated(request)
    operations = ["Create", "Read", "Update", "Delete"]
    resources = [
        {"resource": f"/ed-fi/{name}", "operations": operations} for name in (SEORA, SSEPEA, PARTICIPATION)
    ]
    ed_orgs = [{"education_organization_id": school} for school in sorted(ods.schools)]
    return web.json_response(
        {
            "active": True,
            "education_organizations": ed_orgs,
            "namespace_prefixes": ["uri://ed-fi.org", "uri://dpi.wi.gov"],
            "resources": resources,
        }
    )


async def _dependencies(request: web.Request) -> web.Response:
    """EDFI-B20."""
    ours = [(SEORA, 15), (SSEPEA, 16), (PARTICIPATION, 16)]
    order = [(STUDENTS, 3), (SSA, 13), (STUDENTS, 14), *ours]
    return web.json_response(
        [
            {"resource": f"/ed-fi/{name}", "order": at, "operations": ["Create", "Update"]}
            for name, at in order
        ]
    )


async def _metadata(request: web.Request) -> web.Response:
    """EDFI-B1: where the descriptions of the API are, without authentication."""
    here = f"{_root(request)}/metadata/data/v3"
    return web.json_response(
        [
            {"name": name, "endpointUri": f"{here}/{name.lower()}/swagger.json", "prefix": ""}
            for name in ("Resources", "Descriptors")
        ]
    )


async def _swagger(request: web.Request) -> web.Response:
    if not official.IS_THERE:
        raise problems.not_found()
    return web.json_response(official.part(request.match_info["component"]))


async def _list(request: web.Request) -> web.Response:
    """EDFI-B16, EDFI-B18, EDFI-B19: a page of the rows that the rest of the query finds."""
    _authenticated(request)
    criteria = dict(request.query)
    wanted = paging.taken_from(criteria)
    between = paging.versions_taken_from(criteria)
    rows = _rows(request, request.match_info["resource"], criteria, between)
    shown, headers = paging.page(rows, wanted)
    return web.json_response(shown, headers=headers)


def _rows(request: web.Request, name: str, criteria: dict[str, str], between: range) -> list[dict]:
    if name.endswith("Descriptors"):
        return _descriptors(_store(request), name.removesuffix("s"))
    found = _store(request).query(_resource(request), criteria)
    return [item.shown() for item in found if item.version in between]


async def _partitions(request: web.Request) -> web.Response:
    """EDFI-B18: where as many readers as were asked for may begin."""
    _authenticated(request)
    rows = _store(request).query(_resource(request), {})
    return web.json_response(
        {"pageTokens": paging.partitions(len(rows), int(request.query.get("number", 1)))}
    )


async def _versions(request: web.Request) -> web.Response:
    """EDFI-B19."""
    _authenticated(request)
    return web.json_response({"oldestChangeVersion": 0, "newestChangeVersion": _store(request).version})


async def _deletes(request: web.Request) -> web.Response:
    """EDFI-B19: by id and key, in the order in which they went."""
    _authenticated(request)
    criteria = dict(request.query)
    wanted, between = paging.taken_from(criteria), paging.versions_taken_from(criteria)
    name = _resource(request).name
    gone = [each for each in _store(request).deleted if each.resource == name and each.version in between]
    shown, headers = paging.page([each.shown() for each in gone], wanted)
    return web.json_response(shown, headers=headers)


async def _key_changes(request: web.Request) -> web.Response:
    """EDFI-B19: none; the resources that we write to keep their keys."""
    _authenticated(request)
    _resource(request)
    return web.json_response([])


def _descriptors(store: Store, name: str) -> list[dict]:
    known = [uri.rpartition("#") for uri in sorted(store.descriptors) if f"/{name.lower()}#" in uri.lower()]
    return [{"namespace": space, "codeValue": code, "shortDescription": code} for space, _, code in known]


async def _get(request: web.Request) -> web.Response:
    _authenticated(request)
    item = _store(request).find(_resource(request), request.match_info["id"])
    if request.headers.get("If-None-Match", "").strip('"') == item.etag:
        return _empty(304)
    return web.json_response(item.shown(), headers={"ETag": f'"{item.etag}"'})


async def _post(request: web.Request) -> web.Response:
    _authenticated(request)
    resource, sent = _resource(request), await request.json()
    item, created = _store(request).upsert(resource, sent, request.headers.get("If-Match"))
    return _written(request, sent, item, 201 if created else 200)


async def _put(request: web.Request) -> web.Response:
    _authenticated(request)
    resource, item_id, sent = _resource(request), request.match_info["id"], await request.json()
    item = _store(request).replace(resource, item_id, sent, request.headers.get("If-Match"))
    return _written(request, sent, item, 204)


def _written(request: web.Request, sent: object, item: Item, status: int) -> web.Response:
    said = official.why_not(RESOURCES[item.resource].item, sent)
    request.app[ODS].unofficial.extend(f"{item.resource}: {message}" for message in said)
    place = f"{_root(request)}/data/v3/ed-fi/{item.resource}/{item.id}"
    return _empty(status, Location=place, ETag=f'"{item.etag}"')


async def _delete(request: web.Request) -> web.Response:
    _authenticated(request)
    _store(request).delete(_resource(request), request.match_info["id"], request.headers.get("If-Match"))
    return _empty(204)


async def _no_id(request: web.Request) -> web.Response:
    raise problems.method_not_allowed()


def _authenticated(request: web.Request) -> Ods:
    ods = request.app[ODS]
    ods.check_token(request.headers.get("Authorization", ""))
    return ods


def _year(request: web.Request) -> int | None:
    return int(request.match_info["year"]) if "year" in request.match_info else None


def _store(request: web.Request) -> Store:
    return request.app[ODS].store(_year(request))


def _resource(request: web.Request) -> Resource:
    if resource := RESOURCES.get(request.match_info["resource"]):
        return resource
    raise problems.not_found()
