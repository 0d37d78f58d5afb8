"""The reference page of the clouds, written from what each states of itself: `python -m provisioner.clouds.reference`."""

from collections.abc import Iterator, Mapping, Sequence

from provisioner.clouds.contract import CAPABILITIES, Capability, Cloud
from provisioner.clouds.discovery import clouds, targets

HEAD = """# Clouds

Written by `python -m provisioner.clouds.reference` from the clouds themselves; a test compares. `tests/clouds/test_contract.py`
plans, prices and builds every "yes" below, and sees every "refused" refused with its place in the file. `provisioner show NAME`
says on which clouds a definition can go.

A blueprint may narrow that: `clouds: [aws, gcp]`.
"""

ASKED_BY: Mapping[Capability, str] = {
    "egress-nat": "`network: {egress: nat}`",
    "egress-direct": "`network: {egress: direct}`",
    "egress-none": "`network: {egress: none}`",
    "flow-logs": "`network: {flow-logs: {…}}`",
    "spot": "`hosts: {G: {spot: true}}`",
    "gpu": "`hosts: {G: {needs: {gpu: 1}}}`",
    "volume-ssd": "`volumes: {V: {kind: SSD}}`",
    "volume-hdd": "`volumes: {V: {kind: HDD}}`",
    "volume-backup": "`volumes: {V: {backup: {…}}}`",
    "bucket": "`buckets: {B: {…}}`",
    "bucket-access": "`buckets: {B: {readers: [G], writers: [G]}}`",
    "secret-store": "`secrets: {S: {store: cloud}}`",
    "address": "`addresses: {A: {}}`",
    "balancer-tcp": "`balancers: {B: {type: tcp}}`",
    "balancer-udp": "`balancers: {B: {type: udp}}`",
    "balancer-http": "`balancers: {B: {type: http}}`",
    "balancer-https": "`balancers: {B: {type: https}}`",
    "record": "`records: {R: {…}}`",
    "zone": "`zones: {example.com: {create: true}}`",
}
"""What a definition says to need each capability."""


def page() -> str:
    """The whole page, Markdown."""
    found = (*clouds().values(), *(cloud for cloud in targets().values() if not cloud.sells))
    return HEAD + "".join(f"{line}\n" for line in (*_features(found), *_configuration(found), *_regions(found)))


def _features(found: Sequence[Cloud]) -> Iterator[str]:
    yield "\n## What each has\n"
    yield _row("capability", "asked for by", *(cloud.label for cloud in found))
    yield _row(*["---"] * (len(found) + 2))
    for capability in CAPABILITIES:
        answers = ("yes" if capability in cloud.capabilities else "refused" for cloud in found)
        yield _row(f"`{capability}`", ASKED_BY[capability], *answers)


def _configuration(found: Sequence[Cloud]) -> Iterator[str]:
    yield "\n## How each is configured\n"
    yield _row("", *(cloud.label for cloud in found))
    yield _row(*["---"] * (len(found) + 1))
    yield _row("in a target", *(f"`cloud: {cloud.name}`" for cloud in found))
    yield _row("region, equal to the target's", *(_listed(cloud.region_config) or "none" for cloud in found))
    yield _row("default region", *(f"`{cloud.default_region}`" for cloud in found))
    yield _row("Pulumi package", *(f"`{cloud.package}`" for cloud in found))
    limits = (f"{cloud.user_data_limit:,}" if cloud.user_data_limit else "none" for cloud in found)
    yield _row("largest first-boot document, bytes", *limits)


def _regions(found: Sequence[Cloud]) -> Iterator[str]:
    yield "\n## Regions\n"
    yield _row("cloud", "region", "where", "zones")
    yield _row(*["---"] * 4)
    for cloud in found:
        for region in cloud.regions.values():
            where = ", ".join(filter(None, (region.label, region.continent)))
            yield _row(cloud.label, f"`{region.name}`", where, _listed(region.zones))


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(page(), end="")
