"""Azure Retail Prices of a region, service by service. No credentials."""

import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from provisioner.prices.importers.run import Input
from provisioner.prices.refresh.fetch import Fetcher
from provisioner.prices.refresh.pages import fetch_pages

ADDRESS: Final = "https://prices.azure.com/api/retail/prices"
VERSION: Final = "2023-01-01-preview"
"""The version whose answers hold savings plans; its filters are case-sensitive."""

SERVICES: Final = (
    "Virtual Machines",
    "Storage",
    "Bandwidth",
    "Load Balancer",
    "NAT Gateway",
    "Virtual Network",
    "Azure Kubernetes Service",
    "Azure Database for PostgreSQL",
    "Azure Database for MySQL",
)


def fetch(fetcher: Fetcher, address: str, region: str, folder: Path, date: str) -> Iterator[Input]:
    """The pages of every service in the region. A service that the region does not list has an empty page."""
    for service in SERVICES:
        wanted = f"serviceName eq '{service}' and armRegionName eq '{region}'"
        query = urllib.parse.urlencode({"api-version": VERSION, "$filter": wanted}, quote_via=urllib.parse.quote)
        stem = folder / service.replace(" ", "-").lower()
        yield from fetch_pages(fetcher, f"{address}?{query}", stem, _next, date)


def _next(_: str, page: Mapping[str, Any]) -> str:
    return page.get("NextPageLink") or ""
