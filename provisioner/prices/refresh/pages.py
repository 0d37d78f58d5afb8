"""Lists that come in pages: each page a file, so that a list which broke off goes on at the page that is missing."""

import json
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from provisioner.prices.importers.run import Input
from provisioner.prices.refresh.fetch import Fetcher, FetchError

Next = Callable[[str, Mapping[str, Any]], str]
"""From an address and its page to the address of the next page, or ""."""


def fetch_pages(fetcher: Fetcher, first: str, stem: Path, following: Next, date: str) -> Iterator[Input]:
    """Every page of a list, as `STEM-00001.json` and so on. Raises `FetchError`."""
    address, seen = first, set[str]()
    while True:
        path = stem.with_name(f"{stem.name}-{len(seen) + 1:05}.json")
        if not path.exists():
            fetcher.fetch(address, path)
        yield Input(path=path, address=address, date=date)
        seen.add(address)
        address = following(address, document(path, address))
        if not address:
            return
        if address in seen or _origin(address) != _origin(first):
            path.unlink()
            raise FetchError(f"{first}: expected a next page of the same list, found {address}")


def document(path: Path, address: str) -> Mapping[str, Any]:
    """A page. One that is no JSON object is thrown away, so that the next attempt fetches it again."""
    try:
        found = json.loads(path.read_bytes())
    except ValueError as error:
        path.unlink()
        raise FetchError(f"{address}: expected JSON, found: {error}") from None
    if not isinstance(found, dict):
        path.unlink()
        raise FetchError(f"{address}: expected a JSON object")
    return cast("dict[str, Any]", found)


def _origin(address: str) -> tuple[str, str]:
    parts = urllib.parse.urlsplit(address)
    return parts.scheme, parts.netloc
