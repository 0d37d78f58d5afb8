"""Codes of planning, pricing and placing."""

from typing import Final

from provisioner.cli.codes.model import Code

CODES: Final = (
    Code(
        "account",
        "The file of the account's own prices and discounts cannot be used; the message says why.",
        "discounts: [{percent: many}]",
        "Correct it; `docs/reference/cost.md` shows its shape.",
    ),
    Code(
        "bad-name",
        "A host group, volume, bucket or other part has a name that clouds would refuse.",
        "hosts: {My_Hosts: {}}",
        "Use lower-case letters, digits and hyphens, starting with a letter.",
    ),
    Code(
        "budget-uncertain",
        "A price is missing, so the estimate is too low and the budget cannot be checked in full.",
        "",
        "Choose an item that has a price (`provisioner prices find`), or import prices.",
    ),
    Code(
        "capability",
        "The cloud, or this version, does not have what is asked for. Nothing is dropped: the plan is refused.",
        "balancers: {web: {type: https}}",
        "Take the nearest that the message names, or another cloud.",
    ),
    Code(
        "cloud-limit",
        "The plan goes beyond what this cloud takes: a size, a number, a name.",
        "hosts: {app: {disk: 100000}}",
        "Stay within what the message names.",
    ),
    Code(
        "conflict",
        "Two parts of the plan cannot stand together: one path for two volumes, one port for two workloads, two architectures.",
        "volumes:\n  a: {path: /data, hosts: app, size: 10}\n  b: {path: /data, hosts: app, size: 10}",
        "Change one of the two.",
    ),
    Code(
        "default-egress",
        "The blueprint does not say how hosts reach the internet: they get public addresses, and no NAT is paid for.",
        "network: {cidr: 10.20.0.0/16}",
        "Write `egress: direct` to say so, or `egress: nat` for private hosts (NAT costs money).",
    ),
    Code(
        "default-hosts",
        "Nothing states hosts: one group of as many as hold the workloads most cheaply is planned.",
        "",
        "Write a blueprint with `hosts` to decide yourself.",
    ),
    Code(
        "default-machine",
        "A host group states neither `needs` nor a machine: the cheapest that holds what runs there is chosen.",
        "hosts: {app: {count: 2}}",
        "State `needs: {cpu: 2, memory: 4GiB}` to decide yourself.",
    ),
    Code(
        "few-hosts",
        "A runnable has more replicas than hosts that they may be on, so that losing one host takes more than a third of them.",
        "replicas: 3 with hosts: {app: {count: 2}}",
        "Add hosts, or fewer replicas; `spread: {max-per-host: N}` says that it is meant so.",
    ),
    Code(
        "gpu-driver",
        "Hosts with GPUs come without their driver, which is no part of Debian's images.",
        "hosts: {gpu: {needs: {gpu: 1}}}",
        "Install it as `docs/how-to/gpu.md` says, then run `pulumi up` again.",
    ),
    Code(
        "no-machine",
        "No machine type with a price in the region has what a host group needs, or no machine of the inventory is left.",
        "hosts: {app: {needs: {cpu: 4000}}}",
        "Ask for less, choose another region, or state another machine.",
    ),
    Code(
        "no-offers",
        "There are no machine prices for the region, so nothing can be chosen.",
        "",
        "`provisioner prices list` shows the regions that have prices; `prices import` adds more.",
    ),
    Code(
        "not-known-yet",
        "A value of the blueprint is needed for the plan, and is a secret or known only after the deploy.",
        'hosts: {app: {count: <- secret("count")}}',
        "State the value.",
    ),
    Code(
        "not-survived",
        "Losing one host, or one zone, leaves no room for something that must run, and no spare host would help.",
        "placement: {survive: zone} with a database on one volume",
        "Add hosts or zones, or write `survive: false` in what may be down for a while.",
    ),
    Code(
        "over-budget",
        "The typical month costs more than the blueprint's budget. With `hard: true`, nothing is created.",
        "budget: {monthly: 50 USD}",
        "Raise the budget, or begin with the dearest item, which the message names.",
    ),
    Code(
        "own-machines",
        "The target's machines are there already: nobody bills them, and some of what clouds sell means nothing there.",
        "provisioner:target: {cloud: local, region: this-machine}",
        "Nothing to do; `monthly` of a machine in the stack's inventory states what it costs.",
    ),
    Code(
        "price-table",
        "A price table, shipped or imported, cannot be used, or has no single price for an item.",
        "",
        "Import it again: `provisioner prices import FILE`.",
    ),
    Code(
        "unknown-cloud",
        "There is no such cloud.",
        "provisioner plan demo/platform --cloud awz",
        "Take one of the clouds in the message.",
    ),
    Code(
        "unknown-machine",
        "A machine type has no price in the region, or does not exist there.",
        "hosts: {app: {machine: t3.mediumm}}",
        "Take the nearest that the message names, or state `needs`.",
    ),
    Code(
        "unknown-region",
        "The cloud has no such region.",
        "provisioner plan demo/platform --cloud aws --region eu-west-9",
        "Take one of the regions in the message.",
    ),
    Code(
        "unknown-zone",
        "The region has no such zone.",
        "provisioner:target: {cloud: aws, region: eu-west-1, zones: [eu-west-1z]}",
        "Take the region's zones, or leave `zones` out.",
    ),
    Code(
        "unplaceable",
        "No host can hold a workload: the message lists each host with the reason.",
        "resources: {cpu: 64, memory: 900GiB}",
        "Ask for less, add or enlarge hosts, or relax `affinity`.",
    ),
    Code(
        "unstable-device",
        "A machine's disk is named as the kernel found it, and may be another disk after the next boot.",
        "disks: {pgdata: /dev/sdb}",
        "Name it as it is called below /dev/disk/by-id.",
    ),
    Code(
        "unused",
        "Something is stated, and paid for or kept, that nothing uses.",
        "secrets: {old: {generate: 24}}",
        "Remove it, or name what uses it.",
    ),
    Code(
        "usage",
        "The file of expected usage cannot be used; the message says why.",
        "egress-gib: a lot",
        "Correct it; `docs/reference/usage.md` shows its shape.",
    ),
    Code(
        "usage-resource",
        "The usage file names something that the estimate does not have.",
        "",
        "Take a name from the estimate's lines.",
    ),
    Code(
        "years",
        "A price paid up front says no term over which it is spread.",
        "prices: [{upfront: 500}]",
        "State `years: 1` or `years: 3`.",
    ),
)
