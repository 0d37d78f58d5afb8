"""The resources of this machine, which the `provisioner` plugin serves, as classes for programs."""

import pulumi


class Machine(pulumi.CustomResource):
    """A host on this machine. Its id is its name, by which the transport `local` reaches it."""

    address: pulumi.Output[str]
    """On this machine's bridge."""

    def __init__(
        self,
        name: str,
        *,
        machine: str,
        hostname: str,
        user_data: str,
        reaches_out: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"name": machine, "hostname": hostname, "userData": user_data, "reachesOut": reaches_out}
        super().__init__("provisioner:index:Machine", name, {**inputs, "address": None, "running": None}, opts)


class MachineDisk(pulumi.CustomResource):
    """A disk for hosts on this machine."""

    path: pulumi.Output[str]
    """The file that backs it."""

    def __init__(self, name: str, *, disk: str, size_gib: int, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("provisioner:index:MachineDisk", name, {"name": disk, "sizeGib": size_gib, "path": None}, opts)


class MachineAttachment(pulumi.CustomResource):
    """A disk at a host on this machine."""

    device: pulumi.Output[str]
    """Where the host sees it."""

    def __init__(
        self,
        name: str,
        *,
        machine: pulumi.Input[str],
        disk: pulumi.Input[str],
        volume: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"machine": machine, "disk": disk, "volume": volume}
        super().__init__("provisioner:index:MachineAttachment", name, {**inputs, "device": None}, opts)
