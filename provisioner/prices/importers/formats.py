"""Which of the clouds' formats a file is in, told by its beginning and never by its name."""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provisioner.prices.importers import aws, aws_items, aws_savings, azure, azure_items, gcp, gcp_beta, gcp_items
from provisioner.prices.importers.plain import PRICE_COLUMNS
from provisioner.prices.importers.sink import Sink
from provisioner.prices.importers.stream import Text, open_text, refused

HEAD: Final = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`read` returns the date that the file itself states, or "". `open_tiers` and `priced`: see `TableWriter.finish`."""

    name: str
    cloud: str
    read: Callable[[Text, Sink], str]
    priced: tuple[str, ...] = ()
    open_tiers: bool = False


PLAIN: Final = "plain"

FORMATS: Final[Mapping[str, Format]] = {
    one.name: one
    for one in (
        Format(name="aws-offer-json", cloud="aws", read=aws.read_json, priced=aws_items.PRICED),
        Format(name="aws-offer-csv", cloud="aws", read=aws.read_csv, priced=aws_items.PRICED),
        Format(name="aws-savings-plan", cloud="aws", read=aws_savings.read_savings_plans),
        Format(name="azure-retail", cloud="azure", read=azure.read_page, priced=azure_items.PRICED, open_tiers=True),
        Format(name="gcp-skus", cloud="gcp", read=gcp.read_page, priced=gcp_items.PRICED),
        Format(name="gcp-beta-skus", cloud="gcp", read=gcp_beta.read_skus, priced=gcp_items.PRICED),
        Format(name="gcp-beta-prices", cloud="gcp", read=gcp_beta.read_prices, priced=gcp_items.PRICED),
    )
}

_SIGNS: Final = (
    ("aws-savings-plan", re.compile(r'"(?:offerCode|awsOfferCode|productFamily)"\s*:\s*"\w*SavingsPlans?"')),
    ("aws-offer-json", re.compile(r'"offerCode"\s*:')),
    ("azure-retail", re.compile(r'"(BillingCurrency|Items)"\s*:')),
    ("gcp-beta-prices", re.compile(r'"prices"\s*:')),
    ("gcp-skus", re.compile(r'"skus"\s*:[\s\S]*"(pricingInfo|category)"\s*:')),
    ("gcp-beta-skus", re.compile(r'"skus"\s*:')),
)


def detect(path: Path) -> str:
    """The format's name, `plain` for our own CSV. Raises `InputError` where it is none of them."""
    with open_text(path, lambda _: None) as text:
        head = text.lines.read(HEAD)
    if head.lstrip().startswith("{"):
        found = next((name for name, sign in _SIGNS if sign.search(head)), "")
        if found:
            return found
    elif head.startswith(('"FormatVersion"', "FormatVersion")):
        return "aws-offer-csv"
    elif next(csv.reader(head.splitlines()[:1]), list[str]()) == list(PRICE_COLUMNS):
        return PLAIN
    hint = "an AWS offer or savings plan file, a page of Azure Retail Prices or of Google Cloud SKUs, or our plain CSV"
    raise refused(path, "expected a price file of a known format", hint=hint)
