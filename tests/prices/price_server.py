"""A server on this machine that plays the clouds' price lists: it pages, throttles and breaks off."""

import http.server
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote


@dataclass
class Answer:
    """`cut`: the connection ends after so many bytes of the body, though more are announced."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    cut: int | None = None


@dataclass
class Server:
    """`pages` by path and query; `script` answers that come first, one for each request whatever it asks."""

    pages: dict[str, Answer] = field(default_factory=dict[str, Answer])
    script: list[Answer] = field(default_factory=list[Answer])
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])
    address: str = ""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Server

    def do_GET(self) -> None:
        path = unquote(self.path)
        self.site.asked.append((path, dict(self.headers.items())))
        answer = self.site.script.pop(0) if self.site.script else self.site.pages.get(path, Answer(b"", status=404))
        body, status, headers = answer.body, answer.status, dict(answer.headers)
        wanted = self.headers.get("Range")
        if status == 200 and wanted and self.headers.get("If-Range") == headers.get("ETag"):
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            body, status = body[start:], 206
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: answer.cut])
        if answer.cut is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving() -> Generator[Server]:
    """The server, while the block runs."""
    site = Server()
    handler = type("Site", (Handler,), {"site": site})
    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    site.address = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


class Naps:
    """The waits that were asked for, none of them slept."""

    def __init__(self) -> None:
        self.seconds = list[float]()

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
