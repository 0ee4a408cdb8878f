"""The least that an Ed-Fi API is to a sender: it names its addresses, gives a token, and takes every record.

Next to nothing of the time of a request is its own, so that what is measured is the sender.
`python -m tests.bench.ods PORT LATENCY` (seconds) prints a line when it answers, on 127.0.0.1.
"""

import asyncio
import json
import sys

from edfi.rules.records import SSEPEA

END = b"\r\n\r\n"
TAKEN = (
    b"HTTP/1.1 201 Created\r\nLocation: http://127.0.0.1/data/v3/ed-fi/x/" + b"a" * 32 + b"\r\n"
    b'ETag: "1"\r\nContent-Length: 0' + END
)


class Ods(asyncio.Protocol):
    """One connection, kept alive; requests one after the other. `taken` counts the records of all."""

    taken = 0

    def __init__(self, address: str, latency: float) -> None:
        self.latency, self.waiting = latency, b""
        self.answers = {path: _as_json(said) for path, said in _said_at(address).items()}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        head, found, rest = self.waiting.partition(END)
        length = _length(head)
        if found and len(rest) >= length:
            self.waiting = rest[length:]
            answer = self.answer_to(head.split(b" ", 2)[1])
            asyncio.get_running_loop().call_later(self.latency, self.transport.write, answer)

    def answer_to(self, path: bytes) -> bytes:
        if path == b"/taken":
            return _as_json(Ods.taken)
        if path in self.answers:
            return self.answers[path]
        Ods.taken += 1
        return TAKEN


def _length(head: bytes) -> int:
    named = head.lower().partition(b"\r\ncontent-length:")[2]
    return int(named.partition(b"\r\n")[0] or 0)


def _as_json(said: object) -> bytes:
    body = json.dumps(said).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + END + body


def _said_at(address: str) -> dict[bytes, object]:
    urls = {
        "oauth": f"{address}/oauth/token",
        "dataManagementApi": f"{address}/data/v3/",
        "dependencies": f"{address}/dependencies",
        "openApiMetadata": f"{address}/metadata/",
    }
    order = [{"resource": f"/ed-fi/{SSEPEA}", "order": 1, "operations": ["Create", "Update"]}]
    token = {"access_token": "a" * 32, "expires_in": 1800, "token_type": "bearer"}
    return {b"/": {"version": "7.3", "urls": urls}, b"/dependencies": order, b"/oauth/token": token}


async def serve(port: int, latency: float) -> None:
    address = f"http://127.0.0.1:{port}"
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Ods(address, latency), "127.0.0.1", port)
    print(f"Answers at {address}/", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
