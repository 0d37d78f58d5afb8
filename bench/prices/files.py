"""Price files of a million prices, as the clouds write them."""

import itertools
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MILLION = 1_000_000
TERMS = 11
REGIONS = [f"region-{number}" for number in range(36)]
FAMILIES = 60
SIZES = 14
MACHINES = [f"m{family}.{size}x" for family in range(FAMILIES) for size in range(1, SIZES + 1)]
HEADER = "region,kind,item,unit,tier_start,tier_end,usd,source,date\n"
COLUMNS = "SKU,OfferTermCode,RateCode,TermType,StartingRange,EndingRange,Unit,PricePerUnit,Currency,LeaseContractLength,\
PurchaseOption,OfferingClass,Product Family,serviceCode,Location,Location Type,Region Code,Instance Type,vCPU,Memory,GPU,\
Physical Processor,Processor Architecture,Operating System,License Model,Tenancy,Pre Installed S/W,CapacityStatus,MarketOption,\
Volume API Name,usageType,operation"


def plain(path: Path) -> None:
    """Machines by demand and spot in 36 regions, and disks, until it is a million."""
    random.seed(1)
    with path.open("w") as file:
        file.write(HEADER)
        rows = _plain_rows()
        for _ in range(MILLION):
            file.write(next(rows))


def _plain_rows() -> Iterator[str]:
    for kind in ("machine", "spot"):
        for region in REGIONS:
            for number, machine in enumerate(MACHINES):
                price = (number % SIZES + 1) * random.uniform(0.02, 0.2)  # noqa: S311  no secret
                yield f"{region},{kind},{machine},hour,,,{price:.6f},https://prices.example/{kind},2026-11-01\n"
    for number in range(MILLION):
        yield f"{REGIONS[number % 36]},service,item-{number},hour,,,0.{number % 9 + 1},https://prices.example,2026-11-01\n"


def terms() -> list[tuple[str, str, str]]:
    """Eleven: on demand, and ten reservations (lease, purchase, class)."""
    found = itertools.product(("1yr", "3yr"), ("No Upfront", "Partial Upfront", "All Upfront"), ("standard", "convertible"))
    return [("", "", ""), *found][:TERMS]


def offer_csv(path: Path) -> None:
    """An offer of one region as AWS writes it: 90,910 machine types, each on demand and with ten reservations."""
    common = '"64-bit","Linux","No License required","Shared","NA","Used","OnDemand",""'
    with path.open("w") as file:
        for line in ('"FormatVersion","v1.0"', '"Publication Date","2026-11-01T00:00:00Z"', '"OfferCode","AmazonEC2"', COLUMNS):
            file.write(line + "\n")
        for number in range(MILLION // TERMS + 1):
            sku = f"SKU{number:013}"
            product = f'"Compute Instance","AmazonEC2","EU (Ireland)","AWS Region","eu-west-1","m{number}.large","4","16 GiB"'
            for index, (lease, purchase, offering) in enumerate(terms()):
                kind = "Reserved" if index else "OnDemand"
                price = f'"0","Inf","Hrs","0.{(number + index) % 899 + 100}0000000","USD","{lease}","{purchase}","{offering}"'
                file.write(f'"{sku}","T{index}","{sku}.T{index}.R","{kind}",{price},{product},"","Intel Xeon",{common},')
                file.write(f'"EU-BoxUsage:m{number}.large","RunInstances"\n')


def offer_json(path: Path) -> None:
    """The same as JSON."""
    attributes = {
        "servicecode": "AmazonEC2", "location": "EU (Ireland)", "locationType": "AWS Region", "regionCode": "eu-west-1",
        "currentGeneration": "Yes", "instanceFamily": "General purpose", "vcpu": "4", "memory": "16 GiB", "tenancy": "Shared",
        "physicalProcessor": "Intel Xeon Platinum 8175", "clockSpeed": "2.5 GHz", "storage": "EBS only", "capacitystatus": "Used",
        "networkPerformance": "Up to 10 Gigabit", "processorArchitecture": "64-bit", "preInstalledSw": "NA",
        "marketoption": "OnDemand", "enhancedNetworkingSupported": "Yes", "licenseModel": "No License required",
        "operatingSystem": "Linux", "operation": "RunInstances",
    }  # fmt: skip
    count = MILLION // TERMS + 1
    with path.open("w") as file:
        file.write('{"offerCode": "AmazonEC2", "publicationDate": "2026-11-01T00:00:00Z", "products": {\n')
        for number in range(count):
            own = {"instanceType": f"m{number}.large", "usagetype": f"EU-BoxUsage:m{number}.large"}
            product = {"sku": f"SKU{number:013}", "productFamily": "Compute Instance", "attributes": {**attributes, **own}}
            file.write(("," if number else "") + f'"SKU{number:013}": {json.dumps(product, indent=1)}\n')
        file.write('}, "terms": {"OnDemand": {')
        file.write(",\n".join(_terms(number, 0, 1) for number in range(count)))
        file.write('}, "Reserved": {')
        for number in range(count):
            file.write(("," if number else "") + _terms(number, 1, TERMS))
        file.write("}}}")


def _terms(number: int, first: int, last: int) -> str:
    sku, found = f"SKU{number:013}", dict[str, object]()
    for index, (lease, purchase, offering) in list(enumerate(terms()))[first:last]:
        dollars = {"USD": f"0.{(number + index) % 899 + 100}0000000"}
        price = {"unit": "Hrs", "beginRange": "0", "endRange": "Inf", "pricePerUnit": dollars}
        words = {"LeaseContractLength": lease, "PurchaseOption": purchase, "OfferingClass": offering} if index else {}
        found[f"{sku}.T{index}"] = {"sku": sku, "priceDimensions": {f"{sku}.T{index}.R": price}, "termAttributes": words}
    return f'"{sku}": {json.dumps(found, indent=1)}'


def retail_pages(path: Path) -> None:
    """Azure Retail Prices: machines by region on demand and reserved, disks and meters of many services."""
    with path.open("w") as file:
        file.write('{"BillingCurrency": "USD", "CustomerEntityId": "Default", "CustomerEntityType": "Retail", "Items": [\n')
        for number in range(MILLION):
            file.write(("," if number else "") + json.dumps(_retail_item(number)) + "\n")
        file.write('], "NextPageLink": null, "Count": 1000000}')


def _retail_item(number: int) -> dict[str, Any]:
    region, machine = REGIONS[number % 36].replace("-", ""), number // 36
    reserved = {"type": "Reservation", "reservationTerm": f"{1 + machine % 2 * 2} Years"} if machine % 5 == 1 else {}
    return {
        "currencyCode": "USD", "tierMinimumUnits": 0.0, "retailPrice": 0.1 + number % 899 / 1000, "unitPrice": 0.1,
        "armRegionName": region, "location": region, "effectiveStartDate": "2026-01-01T00:00:00Z",
        "meterId": f"m-{number}", "meterName": f"D{machine}s v5", "productId": "DZH318Z0BQ50", "skuId": f"DZH318Z0BQ50/{number}",
        "productName": "Virtual Machines Dsv5 Series", "skuName": f"D{machine}s v5", "serviceName": "Virtual Machines",
        "serviceId": "DZH313Z7MMC8", "serviceFamily": "Compute", "unitOfMeasure": "1 Hour", "type": "Consumption",
        "isPrimaryMeterRegion": True, "armSkuName": f"Standard_D{machine}s_v5", **reserved,
    }  # fmt: skip


def catalog_pages(path: Path) -> None:
    """Google Cloud's catalogue: SKUs of three tiers in four regions each, twelve prices a SKU."""
    with path.open("w") as file:
        file.write('{"skus": [\n')
        for number in range(MILLION // 12 + 1):
            file.write(("," if number else "") + json.dumps(_sku(number)) + "\n")
        file.write('], "nextPageToken": ""}')


def _sku(number: int) -> dict[str, Any]:
    price = {"currencyCode": "USD", "units": "0"}
    rates = [{"startUsageAmount": start, "unitPrice": {**price, "nanos": 9_000_000 - start}} for start in (0, 1024, 10240)]
    expression = {"usageUnit": "GiBy", "baseUnit": "By", "displayQuantity": 1, "tieredRates": rates}
    return {
        "name": f"services/X/skus/{number}", "skuId": f"{number:012}", "description": f"Network Egress of kind {number}",
        "category": {"serviceDisplayName": "Compute Engine", "resourceFamily": "Network", "usageType": "OnDemand"},
        "serviceRegions": [REGIONS[(number + step) % 36] for step in range(4)],
        "pricingInfo": [{"summary": "", "pricingExpression": expression, "effectiveTime": "2026-01-01T00:00:00Z"}],
        "serviceProviderName": "Google",
    }  # fmt: skip


FILES: dict[str, Callable[[Path], None]] = {
    "plain CSV": plain,
    "AWS offer CSV": offer_csv,
    "AWS offer JSON": offer_json,
    "Azure retail prices": retail_pages,
    "Google Cloud SKUs": catalog_pages,
}
