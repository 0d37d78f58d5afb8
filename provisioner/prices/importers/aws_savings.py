"""AWS savings plans: rates of a region by plan, term and payment. Of machines with Linux; the others are counted.

Format: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-an-offer.html. A rate is the hour's price under the
plan, whichever way the plan itself is paid: nothing is to be spread.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from provisioner.prices.importers.amounts import Unit, Unusable, nano
from provisioner.prices.importers.json_members import members
from provisioner.prices.importers.sink import Sink
from provisioner.prices.importers.stream import Text, refused
from provisioner.prices.writer import Row

BRANCHES: Final = frozenset([("products",), ("terms",), ("terms", "savingsPlan")])

PLANS: Final[Mapping[str, str]] = {"EC2InstanceSavingsPlans": "savings", "ComputeSavingsPlans": "compute-savings"}
"""Bound to a family and region, or to neither."""

_LINUX: Final = "RunInstances"
_SHARED: Final = re.compile(r"(?:[A-Z]{2,4}\d{0,2}-)?BoxUsage:([a-z0-9-]+\.[a-z0-9]+)")
_HOUR: Final = Unit(name="hour")


def read_savings_plans(text: Text, sink: Sink) -> str:
    """A region's file. Returns the date of its publication. Raises `InputError` where it is not one."""
    published, region = "", ""
    plans = dict[str, tuple[str, str]]()
    try:
        for branch, key, value in members(text.lines.read, BRANCHES):
            if branch == ("products",):
                plans[value["sku"]] = (value.get("productFamily", ""), value["attributes"].get("purchaseOption", ""))
            elif branch == ("terms", "savingsPlan"):
                sink.writer.add(_rates(sink, value, plans.get(value["sku"]), region))
            elif key == "publicationDate":
                published = str(value)
            elif key == "regionCode":
                region = str(value)
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        raise refused(text.path, f"expected an AWS savings plan file, found: {error}") from None
    return published[:10]


def _rates(sink: Sink, term: Mapping[str, Any], plan: tuple[str, str] | None, region: str) -> Iterator[Row]:
    family, purchase = plan or ("", "")
    years = int(term["leaseContractLength"]["duration"])
    if family not in PLANS:
        sink.tally.leave_out("a rate of a savings plan for other services", str(term["sku"]), len(term["rates"]))
        return
    kind = f"{PLANS[family]}-{years}y-{purchase.lower().replace(' ', '-')}"
    for rate in term["rates"]:
        machine = _SHARED.fullmatch(rate["discountedUsageType"])
        if not machine or rate["discountedOperation"] != _LINUX or ".metal" in machine[1]:
            sink.tally.leave_out("a savings plan rate of something other than a shared Linux machine", rate["rateCode"])
            continue
        price = rate["discountedRate"]
        if price["currency"] != "USD":
            sink.tally.leave_out(f"a price in {price['currency']}", rate["rateCode"])
            continue
        try:
            amount = nano(price["price"], _HOUR)
        except Unusable as reason:
            sink.tally.leave_out(str(reason), rate["rateCode"])
            continue
        yield Row(
            cloud="aws",
            region=rate.get("discountedRegionCode") or region,
            kind=kind,
            item=machine[1],
            unit="hour",
            nano=amount,
            years=years,
            source=sink.source,
        )
