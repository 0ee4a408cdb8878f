"""Somebody signed in who sends what no browser would: raw bytes, two requests at once, other methods."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.factories import PASSWORD

FORM = "application/x-www-form-urlencoded"
MARKUP = re.compile(r"<(script|style|template).*?</\1>|<[^>]+>", re.DOTALL)


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str

    @property
    def words(self) -> str:
        """What is read on the page, without markup."""
        return " ".join(unescape(MARKUP.sub(" ", self.text)).split())


@dataclass
class Caller:
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, username: str) -> "Caller":
        self.get("/sign-in/")
        answer = self.post("/sign-in/", {"username": username, "password": PASSWORD})
        assert answer.status == 302, answer.words
        return self

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, typed: dict[str, object]) -> Answer:
        return self.send("POST", path, urlencode({"csrfmiddlewaretoken": self.token, **typed}).encode(), FORM)

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        part = "--x\r\nContent-Disposition: form-data; name="
        token = f'{part}"csrfmiddlewaretoken"\r\n\r\n{self.token}\r\n'
        file = f'{part}"file"; filename="{name}"\r\n\r\n'
        body = f"{token}{file}".encode() + content + b"\r\n--x--\r\n"
        return self.send("POST", path, body, "multipart/form-data; boundary=x")

    def twice_at_once(self, path: str, typed: dict[str, object]) -> list[Answer]:
        with ThreadPoolExecutor(2) as threads:
            return list(threads.map(lambda _: self.post(path, typed), range(2)))

    @property
    def token(self) -> str:
        return self.cookies.get("csrftoken", "")

    def send(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Referer": self.address, **({"Content-Type": kind} if kind else {})}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: crumb.value for name, crumb in SimpleCookie(line).items()}
        return Answer(response.status, text, response.headers.get("Location", ""))
