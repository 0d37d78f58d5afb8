"""Fetches a cloud's price lists and imports them. What was fetched is kept for the day until the import is done."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provisioner.errors import UsageError
from provisioner.prices.importers.plain import MachineRow
from provisioner.prices.importers.run import Imported, Input, Job, import_public
from provisioner.prices.refresh import aws, azure, gcp
from provisioner.prices.refresh.fetch import Fetcher, check_address
from provisioner.prices.store import TABLES

ADDRESSES: Final[Mapping[str, str]] = {"aws": aws.ADDRESS, "azure": azure.ADDRESS, "gcp": gcp.ADDRESS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """`now` is the ISO time; `cache` the folder of the price tables; `key` an API key, for Google Cloud only."""

    cloud: str
    address: str
    cache: Path
    now: str
    machines: Mapping[str, Mapping[str, MachineRow]]
    progress: Callable[[int], None]
    key: str = ""
    sleep: Callable[[float], None] | None = None


def refresh(wanted: Refresh, region: str) -> Imported:
    """The table `CLOUD-REGION` (`gcp` for all its regions), fetched and put in the place of the old one.

    Raises `FetchError` where a list cannot be fetched: then nothing changes, and the same call goes on from there.
    """
    check_address(wanted.address)
    if wanted.cloud == "gcp" and not wanted.key:
        raise UsageError("expected --key-file FILE: the Cloud Billing Catalog asks for an API key")
    name = f"{wanted.cloud}-{region}" if region else wanted.cloud
    folder = _download_folder(wanted, name)
    inputs = list(_fetch(wanted, region, folder))
    job = Job(inputs=inputs, folder=wanted.cache / TABLES, name=name, now=wanted.now, machines=wanted.machines)
    try:
        return import_public(job, lambda _: None)
    finally:
        shutil.rmtree(folder)


def _download_folder(wanted: Refresh, name: str) -> Path:
    """Of this day: lists of another day do not fit to this one's, and go."""
    downloads = wanted.cache / "downloads"
    folder = downloads / f"{name}@{wanted.now[:10]}"
    for old in downloads.glob(f"{name}@*"):
        if old != folder:
            shutil.rmtree(old)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _fetch(wanted: Refresh, region: str, folder: Path) -> Iterator[Input]:
    headers = {gcp.KEY_HEADER: wanted.key} if wanted.key else {}
    fetcher = Fetcher(headers=headers, progress=wanted.progress)
    if wanted.sleep:
        fetcher = Fetcher(headers=headers, progress=wanted.progress, sleep=wanted.sleep)
    date = wanted.now[:10]
    if wanted.cloud == "aws":
        return aws.fetch(fetcher, wanted.address, region, folder, date)
    if wanted.cloud == "azure":
        return azure.fetch(fetcher, wanted.address, region, folder, date)
    return gcp.fetch(fetcher, wanted.address, folder, date)
