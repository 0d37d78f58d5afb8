"""What an item of the Azure Retail Prices is in our tables.

Linux and Windows differ by the end of the product's name only, spot and low priority by the end of the SKU's, and a
reservation by its type. Names of meters: https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from provisioner.prices.importers.amounts import Unit

PRICED: Final = (
    "machine",
    "spot",
    "disk",
    "snapshot",
    "address",
    "nat",
    "balancer",
    "kubernetes",
    "database",
)
"""Kinds that cost something everywhere."""

UNITS: Final[Mapping[str, Unit]] = {
    "1 Hour": Unit(name="hour"),
    "1/Hour": Unit(name="hour"),
    "1 GB": Unit(name="GB"),
    "1 GB/Month": Unit(name="GiB-month"),
    "1 GiB/Month": Unit(name="GiB-month"),
}
"""Theirs to ours. A unit that is not here keeps its name: `10K` stays ten thousand."""

WINDOWS: Final = " Windows"
"""Ends the name of a product with Windows, and of our item."""

DISK_MONTH: Final = Unit(name="disk-month")

_DISK: Final = re.compile(r"([PES]\d{1,2}) (LRS|ZRS) Disk")
_DISK_PRODUCTS: Final = {
    "Premium SSD Managed Disks": "P",
    "Standard SSD Managed Disks": "E",
    "Standard HDD Managed Disks": "S",
}
_METERS: Final[Mapping[tuple[str, str, str], tuple[str, str]]] = {
    ("Virtual Network", "IP Addresses", "Standard IPv4 Static Public IP"): ("address", "standard-static"),
    ("NAT Gateway", "NAT Gateway", "Standard Gateway"): ("nat", "gateway"),
    ("NAT Gateway", "NAT Gateway", "Standard Data Processed"): ("nat", "data"),
    ("Virtual Network", "NAT Gateway", "Standard Gateway"): ("nat", "gateway"),
    ("Virtual Network", "NAT Gateway", "Standard Data Processed"): ("nat", "data"),
    ("Load Balancer", "Load Balancer", "Standard Included LB Rules and Outbound Rules"): ("balancer", "rules-first-five"),
    ("Load Balancer", "Load Balancer", "Standard Overage LB Rules and Outbound Rules"): ("balancer", "rule-additional"),
    ("Load Balancer", "Load Balancer", "Standard Data Processed"): ("balancer", "data"),
    ("Storage", "General Block Blob v2", "Hot LRS Data Stored"): ("bucket", "hot-lrs"),
    ("Storage", "Standard HDD Managed Disks", "Snapshots LRS Snapshots"): ("snapshot", "disk-snapshot"),
    ("Azure Kubernetes Service", "Azure Kubernetes Service", "Standard Uptime SLA"): ("kubernetes", "aks-standard"),
}
_DATABASES: Final = {"Azure Database for PostgreSQL": "postgresql", "Azure Database for MySQL": "mysql"}
_EGRESS: Final = frozenset(("Bandwidth", "Rtn Preference: MGN"))
"""Products whose `Standard Data Transfer Out` is the ordinary one. `Bandwidth - Routing Preference: Internet` is another."""


def classify(item: Mapping[str, Any]) -> tuple[str, str] | None:
    """Kind and item of what our estimates ask for; None for everything else. Terms are the reader's matter."""
    service, product, meter = item["serviceName"], item["productName"], item["meterName"]
    if service == "Virtual Machines":
        return _machine(item)
    if service == "Storage" and (disk := _DISK.fullmatch(meter)) and _DISK_PRODUCTS.get(product) == disk[1][0]:
        return "disk", disk[1] if disk[2] == "LRS" else f"{disk[1]}-zrs"
    if service == "Bandwidth" and product in _EGRESS and meter == "Standard Data Transfer Out":
        return "egress", "internet"
    if service in _DATABASES and "Flexible Server" in product and item.get("armSkuName"):
        return "database", f"{_DATABASES[service]} {size(item['armSkuName'])}"
    return _METERS.get((service, product, meter))


def generic(item: Mapping[str, Any]) -> tuple[str, str]:
    """Under the service's name, by product, SKU, meter and the meter's number."""
    words = (item["productName"], item["skuName"], item["meterName"], item["meterId"])
    return item["serviceName"], " / ".join(str(word) for word in words)


def size(name: str) -> str:
    """`Standard_E32-8as_v5` of `Standard_E32-8as v5`: some names are listed with spaces."""
    return "_".join(name.split())


def same(name: str) -> str:
    """Names that differ only in case, spaces and underscores are the same size."""
    return "".join(name.replace("_", " ").split()).lower()


def _machine(item: Mapping[str, Any]) -> tuple[str, str] | None:
    product, sku = item["productName"], f"{item['skuName']} {item['meterName']}"
    plain = product.startswith("Virtual Machines ") and "cloudservices" not in product.lower().replace(" ", "")
    if not plain or not item.get("armSkuName") or "Dedicated Host" in product:
        return None
    kind = "low-priority" if "Low Priority" in sku else "spot" if " Spot" in sku else "machine"
    return kind, size(item["armSkuName"]) + (WINDOWS if product.endswith(WINDOWS) else "")
