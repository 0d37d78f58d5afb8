"""Refreshing tables from price lists that page, throttle and break off."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from price_server import Answer, Naps, Server

from provisioner.errors import InputError, UsageError
from provisioner.prices.importers.plain import MachineRow
from provisioner.prices.importers.run import Imported
from provisioner.prices.refresh.fetch import FetchError
from provisioner.prices.refresh.run import Refresh, refresh
from provisioner.prices.store import TABLES
from provisioner.prices.tables import list_tables


def item(number: int, price: float) -> dict[str, Any]:
    return {
        "currencyCode": "USD",
        "retailPrice": price,
        "tierMinimumUnits": 0,
        "armRegionName": "westeurope",
        "meterId": f"m-{number}",
        "productName": "Virtual Machines DSv3 Series",
        "skuName": f"D{number}s v3",
        "meterName": f"D{number}s v3",
        "serviceName": "Virtual Machines",
        "unitOfMeasure": "1 Hour",
        "type": "Consumption",
        "armSkuName": f"Standard_D{number}s_v3",
    }


def azure(server: Server) -> None:
    """Three pages of machines, one empty page of every other service."""
    from provisioner.prices.refresh.azure import SERVICES, VERSION

    for service in SERVICES:
        wanted = f"serviceName eq '{service}' and armRegionName eq 'westeurope'"
        first = f"/api?api-version={VERSION}&$filter={wanted}"
        server.pages[first] = Answer(json.dumps({"Items": [], "NextPageLink": None}).encode())
        if service != "Virtual Machines":
            continue
        for number, path in enumerate((first, "/api?$skip=1", "/api?$skip=2")):
            link = f"{server.address}/api?%24skip={number + 1}" if number < 2 else None
            page = {"Items": [item(number + 2, 0.1 * (number + 1))], "NextPageLink": link}
            server.pages[path] = Answer(json.dumps(page).encode())


def wanted(cloud: str, address: str, cache: Path, naps: Naps, *, now: str = "2026-11-22T10:00:00", key: str = "") -> Refresh:
    machines: dict[str, dict[str, MachineRow]] = {}
    return Refresh(
        cloud=cloud, address=address, cache=cache, now=now, machines=machines, progress=lambda _: None, key=key, sleep=naps
    )


def test_azure_page_after_page(server: Server, naps: Naps, tmp_path: Path) -> None:
    azure(server)
    server.script = [Answer(b"", status=429, headers={"Retry-After": "1"})]
    found = refresh(wanted("azure", f"{server.address}/api", tmp_path, naps), "westeurope")
    assert (found.name, found.prices, found.regions) == ("azure-westeurope", 3, (("azure", "westeurope"),))
    assert list((tmp_path / "downloads").iterdir()) == []
    table = list_tables(tmp_path / TABLES)[0]
    assert {date for _, date, _ in table.sources} == {"2026-11-22"}
    assert len({address for address, _, _ in table.sources}) == len(server.asked) - 1


def test_a_list_that_breaks_off_goes_on_with_the_missing_page(server: Server, naps: Naps, tmp_path: Path) -> None:
    azure(server)
    gone = server.pages.pop("/api?$skip=2")
    with pytest.raises(FetchError, match=r"skip=2: 404"):
        refresh(wanted("azure", f"{server.address}/api", tmp_path, naps), "westeurope")
    assert list_tables(tmp_path / TABLES) == ()
    server.pages["/api?$skip=2"] = gone
    server.asked.clear()
    assert refresh(wanted("azure", f"{server.address}/api", tmp_path, naps), "westeurope").prices == 3
    assert not [path for path, _ in server.asked if "skip=1" in path or "Virtual Machines" in path]


def test_what_was_fetched_on_another_day_is_not_used(server: Server, naps: Naps, tmp_path: Path) -> None:
    azure(server)
    gone = server.pages.pop("/api?$skip=2")
    with pytest.raises(FetchError):
        refresh(wanted("azure", f"{server.address}/api", tmp_path, naps), "westeurope")
    server.pages["/api?$skip=2"] = gone
    server.asked.clear()
    refresh(wanted("azure", f"{server.address}/api", tmp_path, naps, now="2026-11-23T10:00:00"), "westeurope")
    assert [path for path, _ in server.asked if "skip=1" in path]


@pytest.mark.parametrize("link", ["https://elsewhere.example/api?$skip=1", "http://127.0.0.1:1/api", ""])
def test_a_next_page_of_another_list_is_refused(link: str, server: Server, naps: Naps, tmp_path: Path) -> None:
    """Neither another host, nor the same page for ever."""
    azure(server)
    first = next(path for path in server.pages if "Virtual Machines" in path)
    page = json.loads(server.pages[first].body)
    same = f"{server.address}/api?%24skip=1"
    server.pages["/api?$skip=1"] = Answer(json.dumps({**page, "NextPageLink": link or same}).encode())
    with pytest.raises(FetchError, match="expected a next page of the same list"):
        refresh(wanted("azure", f"{server.address}/api", tmp_path, naps), "westeurope")


def test_a_page_that_is_not_json_is_fetched_again_next_time(server: Server, naps: Naps, tmp_path: Path) -> None:
    azure(server)
    server.script = [Answer(b"<html>maintenance</html>")]
    with pytest.raises(FetchError, match="expected JSON"):
        refresh(wanted("azure", f"{server.address}/api", tmp_path, naps), "westeurope")
    assert refresh(wanted("azure", f"{server.address}/api", tmp_path, naps), "westeurope").prices == 3


def aws(server: Server) -> None:
    """An index, region indexes of two services and of the savings plans, and their files."""

    def put(path: str, document: Any) -> None:
        server.pages[path] = Answer(json.dumps(document).encode(), headers={"ETag": f'"{path}"'})

    place = {"eu-west-1": {"regionCode": "eu-west-1", "currentVersionUrl": "/offers/ec2.json"}}
    offers = {
        "AmazonEC2": {"currentRegionIndexUrl": "/offers/ec2-regions.json", "currentSavingsPlanIndexUrl": "/plans/regions.json"},
        "AmazonVPC": {"currentRegionIndexUrl": "/offers/vpc-regions.json"},
    }
    put("/offers/index.json", {"offers": offers})
    put("/offers/ec2-regions.json", {"regions": place})
    put("/offers/vpc-regions.json", {"regions": {"us-east-1": {"currentVersionUrl": "/offers/never.json"}}})
    machine = {"instanceType": "m5.large", "operatingSystem": "Linux", "tenancy": "Shared", "preInstalledSw": "NA"}
    attributes = {**machine, "capacitystatus": "Used", "regionCode": "eu-west-1", "vcpu": "2", "memory": "8 GiB"}
    product = {"sku": "A", "productFamily": "Compute Instance", "attributes": attributes}
    rate = {"unit": "Hrs", "beginRange": "0", "endRange": "Inf", "pricePerUnit": {"USD": "0.107"}}
    terms = {"OnDemand": {"A": {"A.T": {"priceDimensions": {"A.T.R": rate}, "termAttributes": {}}}}}
    head = {"offerCode": "AmazonEC2", "publicationDate": "2026-11-15T00:00:00Z"}
    put("/offers/ec2.json", {**head, "products": {"A": product}, "terms": terms})
    put("/plans/regions.json", {"regions": [{"regionCode": "eu-west-1", "versionUrl": "/plans/eu-west-1.json"}]})
    discounted = {"discountedUsageType": "EU-BoxUsage:m5.large", "discountedOperation": "RunInstances", "rateCode": "S.1"}
    rates = [{**discounted, "discountedRate": {"price": "0.077", "currency": "USD"}}]
    plan = {"sku": "S", "leaseContractLength": {"duration": 1, "unit": "year"}, "rates": rates}
    listed = {"sku": "S", "productFamily": "ComputeSavingsPlans", "attributes": {"purchaseOption": "No Upfront"}}
    put("/plans/eu-west-1.json", {"regionCode": "eu-west-1", "products": [listed], "terms": {"savingsPlan": [plan]}})


def imported(server: Server, naps: Naps, tmp_path: Path, region: str = "eu-west-1") -> Imported:
    return refresh(wanted("aws", f"{server.address}/offers/index.json", tmp_path, naps), region)


def test_aws_from_the_index_to_offers_and_savings_plans(server: Server, naps: Naps, tmp_path: Path) -> None:
    aws(server)
    server.script = [Answer(server.pages["/offers/index.json"].body, headers={"ETag": '"/offers/index.json"'}, cut=40)]
    found = imported(server, naps, tmp_path)
    assert (found.name, found.prices) == ("aws-eu-west-1", 2)
    table = list_tables(tmp_path / TABLES)[0]
    assert [(address.removeprefix(server.address), date) for address, date, _ in table.sources] == [
        ("/offers/ec2.json", "2026-11-15"),
        ("/plans/eu-west-1.json", "2026-11-22"),
    ]
    assert "/offers/never.json" not in [path for path, _ in server.asked]


def test_an_unknown_region_is_no_other_region(server: Server, naps: Naps, tmp_path: Path) -> None:
    aws(server)
    with pytest.raises(FetchError, match='no service has prices for the region "eu-wset-1"'):
        imported(server, naps, tmp_path, "eu-wset-1")


def test_a_refresh_that_brings_nothing_of_use_keeps_the_old_table(server: Server, naps: Naps, tmp_path: Path) -> None:
    aws(server)
    imported(server, naps, tmp_path)
    before = list_tables(tmp_path / TABLES)
    server.pages["/offers/ec2.json"] = Answer(b'{"offerCode": "AmazonEC2", "products": {}, "terms": {"OnDemand": {')
    with pytest.raises(InputError, match="expected an AWS offer"):
        imported(server, naps, tmp_path)
    assert list_tables(tmp_path / TABLES) == before
    aws(server)
    assert imported(server, naps, tmp_path).prices == 2


def test_google_cloud_asks_with_a_key_that_no_address_shows(server: Server, naps: Naps, tmp_path: Path) -> None:
    from provisioner.prices.refresh.gcp import SERVICES

    def sku(number: str) -> dict[str, Any]:
        rates = [{"startUsageAmount": 0, "unitPrice": {"currencyCode": "USD", "units": "0", "nanos": 5_000_000}}]
        return {
            "skuId": number,
            "description": f"Something {number}",
            "category": {"serviceDisplayName": "Compute Engine"},
            "serviceRegions": ["us-central1"],
            "pricingInfo": [{"pricingExpression": {"usageUnit": "h", "tieredRates": rates}}],
        }

    for service in SERVICES:
        first = f"/v1/services/{service}/skus?pageSize=5000&currencyCode=USD"
        server.pages[first] = Answer(json.dumps({"skus": [sku(f"{service}-1")], "nextPageToken": "a+b/c="}).encode())
        server.pages[f"{first}&pageToken=a+b/c="] = Answer(
            json.dumps({"skus": [sku(f"{service}-2")], "nextPageToken": ""}).encode()
        )
    address = f"{server.address}/v1/services"
    with pytest.raises(UsageError, match="expected --key-file"):
        refresh(wanted("gcp", address, tmp_path, naps), "")
    found = refresh(wanted("gcp", address, tmp_path, naps, key="secret-key"), "")
    assert (found.name, found.prices) == ("gcp", 2 * len(SERVICES))
    assert {headers["X-Goog-Api-Key"] for _, headers in server.asked} == {"secret-key"}
    assert not any("secret-key" in path or "key" in parse_qs(urlsplit(path).query) for path, _ in server.asked)
    assert not any(b"secret-key" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
