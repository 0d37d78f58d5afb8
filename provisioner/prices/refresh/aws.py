"""The AWS Price List of a region: from the index over each service's region index to its offer. No credentials."""

import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from provisioner.prices.importers.run import Input
from provisioner.prices.refresh.fetch import Fetcher, FetchError
from provisioner.prices.refresh.pages import document

ADDRESS: Final = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/index.json"
SERVICES: Final = (
    "AmazonEC2",
    "AmazonVPC",
    "AWSELB",
    "AmazonS3",
    "AWSDataTransfer",
    "AmazonEKS",
    "AmazonRDS",
    "AmazonElastiCache",
    "AWSLambda",
)
PLANS_OF: Final = "AmazonEC2"
"""The service whose entry names the index of the savings plans."""


def fetch(fetcher: Fetcher, address: str, region: str, folder: Path, date: str) -> Iterator[Input]:
    """The offer of each service in the region, and its savings plans. Raises `FetchError` for a region that no index names."""
    offers = _get(fetcher, address, folder / "index.json").get("offers", {})
    found = False
    for service in SERVICES:
        index = offers.get(service, {}).get("currentRegionIndexUrl")
        where = _region(fetcher, address, index, region, folder / f"{service}-regions.json")
        if where:
            found = True
            yield _offer(fetcher, where, folder / f"{service}.json", date)
    if not found:
        raise FetchError(f'{address}: no service has prices for the region "{region}"')
    index = offers.get(PLANS_OF, {}).get("currentSavingsPlanIndexUrl")
    where = _region(fetcher, address, index, region, folder / "savings-plan-regions.json")
    if where:
        yield _offer(fetcher, where, folder / "savings-plans.json", date)


def _region(fetcher: Fetcher, address: str, index: str | None, region: str, path: Path) -> str:
    """The address of a region's file, or "". Offers list regions by code; savings plans have a list of them."""
    if not index:
        return ""
    found: Any = _get(fetcher, urllib.parse.urljoin(address, index), path).get("regions", {})
    if isinstance(found, dict):
        place = cast("dict[str, Any]", found).get(region, {}).get("currentVersionUrl", "")
    else:
        listed = cast("list[dict[str, str]]", found)
        place = next((one["versionUrl"] for one in listed if one["regionCode"] == region), "")
    return urllib.parse.urljoin(address, place) if place else ""


def _offer(fetcher: Fetcher, address: str, path: Path, date: str) -> Input:
    if not path.exists():
        fetcher.fetch(address, path)
    return Input(path=path, address=address, date=date)


def _get(fetcher: Fetcher, address: str, path: Path) -> Mapping[str, Any]:
    if not path.exists():
        fetcher.fetch(address, path)
    return document(path, address)
