"""The package schema, for the engine and for programs in other languages."""

from collections.abc import Mapping
from typing import Any, Final

from provisioner.deploy.provider import schema_local
from provisioner.deploy.provider.version import version

Schema = Mapping[str, Any]

_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "number"}
_WHOLE: Final = {"type": "integer"}


def schema() -> dict[str, Any]:
    """A Pulumi package schema."""
    return {
        "name": "provisioner",
        "version": version(),
        "description": "Brings workloads to hosts and makes secrets.",
        "types": _types(),
        "resources": {
            "provisioner:index:Host": _host(),
            "provisioner:index:Bundle": _bundle(),
            "provisioner:index:Machine": schema_local.machine(),
            "provisioner:index:MachineAttachment": schema_local.attachment(),
            "provisioner:index:MachineDisk": schema_local.disk(),
            "provisioner:index:Mount": _mount(),
            "provisioner:index:Secret": _secret(),
        },
    }


def _machine() -> dict[str, Any]:
    """The inputs that say which machine it is and how it is reached."""
    return {
        "host": _told(_TEXT, "Name of the host in the plan."),
        "hostId": {
            **_told(_TEXT, "The cloud's id of the machine; another replaces the resource."),
            "willReplaceOnChanges": True,
        },
        "transport": _told(_TEXT, "How the machine is reached: ssh, local or sandbox."),
        "reach": _told(_mapping(), "What an SSH connection needs: address, user, port, key (a path) and jump (user@host:port)."),
    }


def _host() -> dict[str, Any]:
    adoption = _told(_mapping(), "For a machine that was there before: owner, installs, arch, millicpu, memoryMib.")
    inputs = {
        **_machine(),
        "adoption": adoption,
        "hostKey": _told(_TEXT, "The machine's public SSH key, where it is known before first contact."),
    }
    outputs = {
        **_machine(),
        "hostKey": _told(_TEXT, "The machine's public SSH key, pinned: bundles refuse a machine with another."),
        "overlayKey": _told(_TEXT, "Public half of the key that the machine made for its tunnels."),
        "facts": _told(_mapping(), "What the machine is: podman, systemd, kernel, architecture, cpus, memory-kib."),
    }
    return _resource("First contact with a machine.", inputs, ["host", "hostId", "transport"], outputs)


def _bundle() -> dict[str, Any]:
    inputs = {
        **_machine(),
        "hostKey": _told(_TEXT, "The machine's public SSH key, as its Host found it."),
        "address": _told(_TEXT, "Private address of the machine."),
        "bundle": _told(_reference("Contents"), "Everything the host runs; its digest is that of all the rest."),
        "devices": _told(_mapping(), "Volume of the plan to its device path on the machine."),
        "addresses": _told(
            _mapping(),
            "Host to private address, `public/HOST` to its public one, as units, files and secrets name them.",
        ),
        "keys": _told(_mapping(), "Host name to public key on the overlay, for hosts that the files name."),
        "archives": _told(_mapping(), "Image that no registry has to the path of an archive that holds it."),
        "secretValues": {**_told(_mapping(), "Secret of the plan to its value."), "secret": True},
    }
    outputs = {
        "host": _told(_TEXT, "Name of the host in the plan."),
        "hostId": _told(_TEXT, "The cloud's id of the machine."),
        "transport": _told(_TEXT, "How the machine is reached."),
        "reach": _told(_mapping(), "What an SSH connection needs."),
        "hostKey": _told(_TEXT, "The machine's public SSH key."),
        "digest": _told(_TEXT, "Digest of the bundle that runs."),
        "containers": _told(_list("Container"), "What runs, in start order."),
        "drift": _told({"type": "array", "items": _TEXT}, "How the host differs from its bundle, as a refresh found it."),
    }
    required = ["host", "hostId", "transport", "address", "bundle"]
    return _resource("What one host runs, brought there as a whole.", inputs, required, outputs)


def _mount() -> dict[str, Any]:
    inputs = {
        **_machine(),
        "hostKey": _told(_TEXT, "The machine's public SSH key, as its Host found it."),
        "volume": {**_told(_TEXT, "The volume of the plan."), "willReplaceOnChanges": True},
        "device": {**_told(_TEXT, "Its device path on the machine, from the attachment."), "willReplaceOnChanges": True},
    }
    required = ["host", "hostId", "transport", "volume", "device"]
    return _resource("A volume in use on a host: unmounted before its disk is taken away.", inputs, required, inputs)


def _secret() -> dict[str, Any]:
    inputs = {
        "length": {**_told(_WHOLE, "How many letters and digits; another length replaces it."), "willReplaceOnChanges": True}
    }
    outputs = {"length": _told(_WHOLE, "How many letters and digits."), "value": {**_told(_TEXT, "The text."), "secret": True}}
    return _resource("Random text, made once and kept in the stack's state.", inputs, ["length"], outputs)


def _types() -> dict[str, Any]:
    return {
        "provisioner:index:Contents": _object(
            host=_TEXT,
            digest=_TEXT,
            units=_list("Unit"),
            files=_list("File"),
            secrets=_list("Slot"),
            disks=_list("Disk"),
            services=_list("HostService"),
            gates=_list("Gate"),
        ),
        "provisioner:index:Unit": _object(name=_TEXT, text=_TEXT),
        "provisioner:index:File": _object(path=_TEXT, contents=_TEXT, mode=_WHOLE, template={"type": "boolean"}),
        "provisioner:index:Slot": _object(name=_TEXT, value={"type": "array", "items": {"$ref": "pulumi.json#/Any"}}),
        "provisioner:index:Disk": _object(volume=_TEXT, path=_TEXT),
        "provisioner:index:HostService": _object(name=_TEXT, files={"type": "array", "items": _TEXT}),
        "provisioner:index:Gate": _object(
            workload=_TEXT,
            container=_TEXT,
            service=_TEXT,
            image=_TEXT,
            timeout=_NUMBER,
            slots=_list("GateSlot"),
            drain=_NUMBER,
        ),
        "provisioner:index:GateSlot": _object(name=_TEXT, service=_TEXT, rules=_TEXT),
        "provisioner:index:Container": _object(
            workload=_TEXT, container=_TEXT, image=_TEXT, state=_TEXT, health=_TEXT, ports={"type": "array", "items": _TEXT}
        ),
    }


def _resource(description: str, inputs: Schema, required: list[str], outputs: Schema) -> dict[str, Any]:
    return {
        "description": description,
        "inputProperties": inputs,
        "requiredInputs": required,
        "properties": outputs,
        "required": list(outputs),
    }


def _object(**properties: Schema) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _told(type_: Schema, description: str) -> dict[str, Any]:
    return {**type_, "description": description}


def _mapping() -> Schema:
    return {"type": "object", "additionalProperties": _TEXT}


def _list(name: str) -> Schema:
    return {"type": "array", "items": _reference(name)}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/types/provisioner:index:{name}"}
