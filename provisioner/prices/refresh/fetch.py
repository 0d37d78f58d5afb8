"""Fetches price lists over HTTPS: again after a fault, slower when told so, and on from where a body broke off."""

import email.utils
import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from provisioner.errors import ProvisionerError, UsageError

CHUNK: Final = 1 << 18
LOOPBACK: Final = frozenset(("127.0.0.1", "::1", "localhost"))
PASSING: Final = frozenset(
    (
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    )
)
"""Answers after which the same question is worth asking again."""


class FetchError(ProvisionerError):
    """A price list cannot be fetched: the address, and what it answered."""


class _Passing(Exception):  # noqa: N818  caught below, never shown
    """A fault that may be over next time. `wait` is what the server asks for, in seconds; `moved`: bytes arrived."""

    def __init__(self, reason: str, *, wait: float | None = None, moved: bool = False) -> None:
        super().__init__(reason)
        self.wait, self.moved = wait, moved


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects within a host: neither prices nor an API key go to another, or lose their TLS."""

    def redirect_request(self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        asked, sent = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if (asked.scheme, asked.netloc) != (sent.scheme, sent.netloc):
            raise FetchError(f"{req.full_url}: sent on to {newurl}, which is another host")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """`attempts` in a row may fail; a transfer that moved on begins to count anew. Waits double from one second."""

    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    attempts: int = 6
    longest_wait: float = 120
    timeout: float = 60
    sleep: Callable[[float], None] = time.sleep
    progress: Callable[[int], None] = lambda _: None

    def fetch(self, address: str, path: Path) -> None:
        """The body of `address` as the file `path`. What an earlier call left in `path` + `.part` is not fetched again.

        Raises `FetchError` when the attempts are used up or the server refuses, `UsageError` for an address without TLS.
        """
        check_address(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        failed = 0
        while True:
            try:
                self._attempt(address, part)
                break
            except _Passing as fault:
                failed = 1 if fault.moved else failed + 1
                if failed >= self.attempts:
                    raise FetchError(f"{address}: {fault}, {failed} times") from None
                self.sleep(min(fault.wait if fault.wait is not None else 2.0 ** (failed - 1), self.longest_wait))
        part.replace(path)
        part.with_suffix(".tag").unlink(missing_ok=True)

    def _attempt(self, address: str, part: Path) -> None:
        request = urllib.request.Request(address, headers={"User-Agent": "provisioner", **self.headers})  # noqa: S310  checked
        tag = part.with_suffix(".tag")
        have = part.stat().st_size if part.exists() and tag.exists() else 0
        if have:
            request.add_header("Range", f"bytes={have}-")
            request.add_header("If-Range", tag.read_text())
        try:
            with urllib.request.build_opener(_SameHost).open(request, timeout=self.timeout) as answer:
                self._receive(answer, part, have)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    tag.unlink(missing_ok=True)
                    raise _Passing("the list has changed meanwhile", moved=False) from None
                if error.code not in PASSING:
                    raise FetchError(f"{address}: {error.code} {error.reason}") from None
                raise _Passing(f"{error.code} {error.reason}", wait=_wait(error.headers.get("Retry-After", ""))) from None
        except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException) as error:
            raise _Passing(str(getattr(error, "reason", "") or error) or type(error).__name__) from None

    def _receive(self, answer: http.client.HTTPResponse, part: Path, have: int) -> None:
        """Append what was asked for, or begin again where the server sends everything."""
        if answer.status != HTTPStatus.PARTIAL_CONTENT:
            have = 0
        identity = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        tag = part.with_suffix(".tag")
        tag.write_text(identity) if identity and not identity.startswith("W/") else tag.unlink(missing_ok=True)
        expected = answer.length
        received = 0
        with part.open("ab" if have else "wb") as file:
            try:
                while block := answer.read(CHUNK):
                    file.write(block)
                    received += len(block)
                    self.progress(len(block))
            except (TimeoutError, ConnectionError, http.client.HTTPException) as error:
                raise _Passing(f"broke off after {have + received} bytes ({error})", moved=received > 0) from None
        if expected is not None and received < expected:
            raise _Passing(f"broke off after {have + received} bytes", moved=received > 0)


def check_address(address: str) -> None:
    """Prices decide what is bought: they come over TLS, or from this machine."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return
    raise UsageError(f'expected an address that begins with https://, found "{address}"')


def _wait(stated: str) -> float | None:
    """Seconds from a `Retry-After` header: a number, or a date."""
    if stated.strip().isdigit():
        return float(stated)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(stated).timestamp() - time.time())
    except ValueError:
        return None
