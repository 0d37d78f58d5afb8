"""Secrets, hosts and bundles of a plan as resources: what the `provisioner` plugin brings to the machines."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from provisioner.clouds.components import Host as Machine
from provisioner.clouds.discovery import targets
from provisioner.deploy.bundles import Bundle, Host, Mount, Way
from provisioner.deploy.order import host_order
from provisioner.deploy.prepare import Prepared
from provisioner.deploy.secrets import Secret
from provisioner.deploy.settings import Ssh
from provisioner.errors import Problems
from provisioner.host.bundle import bundles
from provisioner.host.images import qualified
from provisioner.host.later import PUBLIC
from provisioner.host.model import Bundle as Contents
from provisioner.plan.model import Plan
from provisioner.plan.sites import split

Texts = Mapping[str, pulumi.Output[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How machines are reached: the stack's `ssh`, and whether a public key is authorised on them at first boot."""

    ssh: Ssh
    is_authorised: bool
    archives: Mapping[str, str] = field(default_factory=dict[str, str])
    """Image, as its definition writes it, to the path of an archive that holds it."""


def transport_of(plan: Plan) -> str:
    """The sandbox where the command runs under it, else what the cloud's hosts are reached by."""
    if "PROVISIONER_SANDBOX" in os.environ:
        return "sandbox"
    return targets()[plan.target.cloud].transport


def check(plan: Plan, given: Texts, access: Access) -> Problems:
    """What would fail after machines exist: a secret without a value, hosts that cannot be reached."""
    problems = Problems()
    for secret in plan.secrets:
        if not secret.length and secret.name not in given:
            hint = f"pulumi config set --secret --path provisioner:secrets.{secret.name}"
            problems.error("secret-missing", secret.place, f'the secret "{secret.name}" has no value', hint=hint)
    made = [part for part in split(plan) if part.workloads and targets()[part.target.cloud].sells]
    if made and transport_of(plan) == "ssh":
        problems.extend(_unreachable(plan, access))
    return problems


def values(plan: Plan, given: Texts) -> Texts:
    """Every secret of the plan: those that the stack's configuration gives, and a `Secret` for each that is generated."""
    generated = [secret for secret in plan.secrets if secret.length]
    return {**given, **{secret.name: Secret(f"{plan.slug}-{secret.name}", length=secret.length).value for secret in generated}}


def deliver(prepared: Prepared, machines: Mapping[str, Machine], values: Texts, access: Access) -> None:
    """First contact with each machine, then a `Bundle` for each; `values` are those of the plan's secrets.

    Bundles come in the order in which workloads wait for others; machines are contacted side by side.
    """
    plan, placement = prepared.plan, prepared.placement
    ready = {bundle.host: bundle for bundle in bundles(plan, placement, last=prepared.addresses)}
    ways = {name: _way(plan, name, machine, access.ssh) for name, machine in machines.items()}
    hosts = {name: _contact(f"{plan.slug}-{name}", ways[name], machines[name]) for name in ready}
    mounts = {name: [*_mounts(plan, ready[name], ways[name], hosts[name], machines[name])] for name in ready}
    archives = {qualified(image): path for image, path in access.archives.items()}
    addresses, keys = _addresses(plan, machines), {name: host.overlay_key for name, host in hosts.items()}
    brought: dict[str, Bundle] = {}
    for name, waits_for in host_order(plan, placement):
        brought[name] = Bundle(
            f"{plan.slug}-{name}",
            bundle=ready[name],
            way=ways[name],
            host_key=hosts[name].host_key,
            address=machines[name].private_address,
            devices=machines[name].devices,
            addresses=addresses,
            keys=keys,
            secret_values=values,
            archives=archives,
            opts=_options(machines[name], [*mounts[name], *(brought[other] for other in waits_for)]),
        )


def _mounts(plan: Plan, bundle: Contents, way: Way, host: Host, machine: Machine) -> Iterator[Mount]:
    """One for each disk of a host: named by the volume alone, so that its move replaces it."""
    for disk in bundle.disks:
        if disk.volume in machine.devices:
            name = f"{plan.slug}-{disk.volume}"
            yield Mount(name, way=way, host_key=host.host_key, volume=disk.volume, device=machine.devices[disk.volume])


def _contact(name: str, way: Way, machine: Machine) -> Host:
    """`owner` says whose a machine is that was there before: nobody else takes it."""
    owner = f"{pulumi.get_project()}/{pulumi.get_stack()}"
    return Host(name, way=way, adoption=machine.adoption, owner=owner, opts=_options(machine))


def _options(machine: Machine, depends_on: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
    """A machine that was there before may come back to its host: whatever was on it goes before anything is brought."""
    return pulumi.ResourceOptions(depends_on=[*depends_on], delete_before_replace=True if machine.adoption else None)


def _addresses(plan: Plan, machines: Mapping[str, Machine]) -> Texts:
    """Where the other hosts reach each one, and what containers are told of its public address."""
    reached = {name: _peer_address(plan, machine) for name, machine in machines.items()}
    return {**reached, **{f"{PUBLIC}{name}": _public_address(machine) for name, machine in machines.items()}}


def _peer_address(plan: Plan, machine: Machine) -> pulumi.Output[str]:
    """Where the other hosts reach one over the overlay: by its public address, where they are on several clouds."""
    return machine.public_address if plan.also and machine.public_address is not None else machine.private_address


def _public_address(machine: Machine) -> pulumi.Output[str]:
    """The private one where no other is needed, as on this machine."""
    return machine.private_address if machine.public_address is None else machine.public_address


def _unreachable(plan: Plan, access: Access) -> Problems:
    problems = Problems()
    if not access.is_authorised:
        hint = 'pulumi config set provisioner:ssh-key "$(cat ~/.ssh/id_ed25519.pub)"'
        problems.error(
            "transport", plan.place, "nobody could log in on the hosts: expected provisioner:ssh-key, found none", hint=hint
        )
    if not plan.network.ssh_from:
        hint = "access: {ssh-from: [203.0.113.0/24]}"
        message = "nothing could reach the hosts over SSH: expected the network's access/ssh-from, found none"
        problems.error("transport", plan.network.place, message, hint=hint)
    return problems


def _way(plan: Plan, name: str, machine: Machine, ssh: Ssh) -> Way:
    """A public address is preferred; behind a jump host, and where there is none, the private one."""
    transport = transport_of(plan)
    if transport != "ssh":
        return Way(host=name, host_id=machine.id, transport=transport)
    is_public = machine.public_address is not None and not ssh.jump
    address = machine.public_address if is_public and machine.public_address is not None else machine.private_address
    given = {"user": ssh.user, "port": str(ssh.port), "key": ssh.key, "jump": ssh.jump}
    reach = {"address": address, **{key: value for key, value in given.items() if value}, **machine.reach}
    return Way(host=name, host_id=machine.id, transport=transport, reach=reach)
