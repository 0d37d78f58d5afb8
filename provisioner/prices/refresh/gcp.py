"""The Cloud Billing Catalog of Google Cloud: every SKU of the services that machines, disks and networks belong to.

It asks for an API key, which goes into a header and never into an address.
"""

import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from provisioner.prices.importers.run import Input
from provisioner.prices.refresh.fetch import Fetcher
from provisioner.prices.refresh.pages import fetch_pages

ADDRESS: Final = "https://cloudbilling.googleapis.com/v1/services"
KEY_HEADER: Final = "X-Goog-Api-Key"
SERVICES: Final = ("6F81-5844-456A", "E505-1604-58F8", "95FF-2EF5-5EA1", "CCD8-9BF1-090E")
"""Compute Engine, Networking, Cloud Storage, Kubernetes Engine. Source: https://cloud.google.com/skus."""

PAGE_SIZE: Final = 5000


def fetch(fetcher: Fetcher, address: str, folder: Path, date: str) -> Iterator[Input]:
    """The pages of every service, for all regions."""
    for service in SERVICES:
        first = f"{address}/{service}/skus?pageSize={PAGE_SIZE}&currencyCode=USD"
        yield from fetch_pages(fetcher, first, folder / service.lower(), _next, date)


def _next(address: str, page: Mapping[str, Any]) -> str:
    token = page.get("nextPageToken")
    if not token:
        return ""
    first = address.partition("&pageToken=")[0]
    return f"{first}&pageToken={urllib.parse.quote(str(token), safe='')}"
