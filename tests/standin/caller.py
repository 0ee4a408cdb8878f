"""A plain HTTP client that is not our own, so that the stand-in is judged by itself; and sample payloads."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from .ods import Ods

SCHOOL, STUDENT = 19012, "604822"


@dataclass
class Answer:
    status: int
    headers: dict
    body: object


@dataclass
class Caller:
    ods: Ods
    token: str = ""

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        url = path if path.startswith("http") else self.ods.base_url + path
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if data and not isinstance(body, bytes):
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(url, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return _answer(response)
        except urllib.error.HTTPError as response:
            return _answer(response)

    def on(self, method: str, resource: str, body: object = None, **headers: str) -> Answer:
        return self.send(method, f"data/v3/ed-fi/{resource}", body, **headers)

    def sign_in(self, secret: str = "district-secret", grant: str = "client_credentials") -> Answer:
        form = {"grant_type": grant, "client_id": self.ods.key, "client_secret": secret}
        answer = self.send("POST", "oauth/token", urllib.parse.urlencode(form).encode())
        if answer.status == 200:
            self.token = answer.body["access_token"]
        return answer


def _answer(response) -> Answer:
    raw = response.read()
    return Answer(response.status, dict(response.headers), json.loads(raw) if raw else None)


def eligibility(**changes: object) -> dict:
    return {
        "consentToEvaluationReceivedDate": "2025-09-15",
        "educationOrganizationReference": {"educationOrganizationId": SCHOOL},
        "programReference": {
            "educationOrganizationId": 48856,
            "programName": "Special Education",
            "programTypeDescriptor": "uri://dpi.wi.gov/ProgramTypeDescriptor#SPED",
        },
        "studentReference": {"studentUniqueId": STUDENT},
        "ideaPartDescriptor": "uri://dpi.wi.gov/IDEAPartDescriptor#B",
        "ideaIndicator": True,
        **changes,
    }


def responsibility(**changes: object) -> dict:
    return {
        "beginDate": "2025-09-15",
        "responsibilityDescriptor": "uri://dpi.wi.gov/ResponsibilityDescriptor#SIE",
        "educationOrganizationReference": {"educationOrganizationId": SCHOOL},
        "studentReference": {"studentUniqueId": STUDENT},
        **changes,
    }
