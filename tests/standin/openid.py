"""A state's OpenID Connect provider: discovery, keys, codes with PKCE, signed statements, user information.

A process of its own (`python -m tests.standin.openid --port 9000`). Who signs in, and every way in which a
statement can be wrong, is told to it by POST /as: {"claims": {...}, "wrong": "signature" | "nonce" | ...}.
"""

import argparse
import hashlib
import json
import secrets
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "eser-test", "a secret of the test"
ROOT = Path(__file__).resolve().parents[2]


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """`given` maps a code to the request that it answers; a code works once."""

    issuer: str
    claims: dict[str, Any] = field(default_factory=dict)
    wrong: str = ""
    given: dict[str, dict[str, str]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    stranger: rsa.RSAPrivateKey = field(default_factory=new_key)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """The address that the browser is led back to."""
        code = secrets.token_urlsafe(16)
        self.given[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """None when the code, the client or the proof of the code (PKCE) is wrong."""
        asked = self.given.pop(sent.get("code", ""), None)
        known = (sent.get("client_id"), sent.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        if (
            asked is None
            or not known
            or challenge_of(sent.get("code_verifier", "")) != asked["code_challenge"]
        ):
            return None
        given = {"access_token": "access", "token_type": "Bearer"}
        return given if self.wrong == "missing" else {**given, "id_token": self.statement(asked)}

    def statement(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "auth_time": now,
            "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        claims |= {
            "nonce": {"nonce": "another"}, "audience": {"aud": "another-program"},
            "issuer": {"iss": "http://elsewhere.example"}, "expired": {"exp": now - 3600},
            "old": {"auth_time": now - 90_000}, "an hour ago": {"auth_time": now - 3600},
        }.get(self.wrong, {})  # fmt: skip
        if self.wrong == "when unsaid":
            del claims["auth_time"]
        if self.wrong == "unsigned":
            return jwt.encode(claims, None, algorithm="none")
        if self.wrong == "algorithm":
            return jwt.encode(claims, CLIENT_SECRET * 2, algorithm="HS256", headers={"kid": "1"})
        key = self.stranger if self.wrong == "signature" else self.key
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1"})


def challenge_of(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


class Door(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(asked))
            self.end_headers()
        else:
            pages = {
                "/.well-known/openid-configuration": self.provider.discovery,
                "/keys": self.provider.keys,
                "/userinfo": lambda: self.provider.claims,
            }
            self.say(pages[address.path]() if address.path in pages else None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/as":
            told = json.loads(body)
            self.provider.claims, self.provider.wrong = told["claims"], told.get("wrong", "")
            self.say({})
        else:
            self.say(self.provider.token({name: values[0] for name, values in parse_qs(body).items()}))

    def say(self, found: Any) -> None:
        content = json.dumps(found if found is not None else {"error": "invalid_grant"}).encode()
        self.send_response(200 if found is not None else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@contextmanager
def running() -> Iterator[str]:
    """The address of a provider in a process of its own."""
    command = [sys.executable, "-m", "tests.standin.openid"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def sign_in_as(issuer: str, wrong: str = "", **claims: Any) -> None:
    """The next sign-in there is this person's."""
    body = json.dumps({"claims": claims, "wrong": wrong}).encode()
    urlopen(Request(f"{issuer}/as", body), timeout=10).close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    server = HTTPServer(("127.0.0.1", parser.parse_args().port), Door)
    Door.provider = Provider(f"http://127.0.0.1:{server.server_port}")
    print(Door.provider.issuer, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
