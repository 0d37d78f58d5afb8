"""The transport to simulated hosts: the sandbox keeps one document per machine, `{host_id, bundle, disks, status}`.

Secrets leave this process only as digests.
"""

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final, cast

import grpc

from provisioner.deploy.hosts.images import Archives
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider.transport import Contact, Machine, Reading
from provisioner.errors import HostError
from provisioner.host import document, status
from provisioner.host.delivery import Delivery
from provisioner.host.quadlet_check import refusals
from provisioner.host.status import Running
from provisioner.protocol import provider_pb2, provider_pb2_grpc
from provisioner.protocol.values import decode, encode

VARIABLE: Final = "PROVISIONER_SANDBOX"
"""Holds HOST:PORT of the sandbox; `provisioner sandbox run` sets it."""

SECONDS: Final = 30
_UNLIMITED: Final = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class SandboxTransport:
    """A `Transport`. The simulated host starts everything at once and finds it healthy."""

    def contact(self, machine: Machine, progress: Progress) -> Contact:
        """Keys that follow from the machine's id: nothing is ever sent over simulated tunnels."""
        digest = base64.b64encode(hashlib.sha256(machine.id.encode()).digest()).decode()
        return Contact(host_key="", overlay_key=digest, facts={"sandbox": "true"})

    def apply(self, machine: Machine, delivery: Delivery, progress: Progress, archives: Archives) -> Running:
        problems = refusals(delivery.bundle.units)
        if problems:
            raise HostError("the host refuses the units:\n" + "\n".join(str(problem) for problem in problems))
        running = status.wanted(delivery)
        _invoke(
            "host:put",
            {
                "host_id": machine.id,
                "bundle": document.to_data(delivery.bundle),
                "disks": [asdict(disk) for disk in delivery.disks],
                "status": status.to_data(running),
            },
        )
        return running

    def read(self, machine: Machine, delivery: Delivery) -> Reading | None:
        found = _invoke("host:get", {"host_id": machine.id})
        if not found:
            return None
        running = status.from_data(found["status"])
        return Reading(running=running, drift=tuple(status.drift(status.wanted(delivery), running)))

    def remove(self, machine: Machine, progress: Progress) -> None:
        _invoke("host:delete", {"host_id": machine.id})

    def release(self, machine: Machine, progress: Progress) -> None:
        """Simulated machines were not there before."""

    def unmount(self, machine: Machine, volume: str, progress: Progress) -> None:
        """Simulated hosts mount nothing."""


def _invoke(function: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    address = os.environ.get(VARIABLE, "")
    if not address:
        raise HostError(f"{VARIABLE} is not set: run the command under `provisioner sandbox run -- …`")
    request = provider_pb2.InvokeRequest(tok=function, args=encode(arguments))
    with grpc.insecure_channel(address, options=_UNLIMITED) as channel:
        try:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            response = cast("provider_pb2.InvokeResponse", stub.Invoke(request, timeout=SECONDS))  # pyright: ignore[reportUnknownMemberType]
        except grpc.RpcError as error:
            raise HostError(_refusal(error, address)) from error
    return decode(getattr(response, "return"))


def _refusal(error: grpc.RpcError, address: str) -> str:
    if isinstance(error, grpc.Call) and error.code() is not grpc.StatusCode.UNAVAILABLE:
        return error.details() or str(error.code())
    return f"the sandbox at {address} does not answer: run the command under `provisioner sandbox run -- …`"
