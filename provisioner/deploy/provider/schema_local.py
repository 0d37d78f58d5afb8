"""The schemas of hosts on this machine and of their disks."""

from typing import Any


def machine() -> dict[str, Any]:
    inputs = {
        "name": _told("string", "Its name on this machine, unique there.", replaces=True),
        "hostname": _told("string", "What it calls itself.", replaces=True),
        "userData": _told("string", "The cloud-init document that prepares it.", replaces=True),
        "reachesOut": _told("boolean", "Whether this machine passes its connections on to the world.", replaces=True),
    }
    outputs = {
        "name": _told("string", "Its name on this machine."),
        "address": _told("string", "Its address on this machine's bridge."),
        "running": _told("boolean", "Whether it runs, as the last look found it."),
    }
    return {
        "description": "A host on this machine, booted under systemd-nspawn.",
        "inputProperties": inputs,
        "requiredInputs": ["name", "hostname", "userData"],
        "properties": outputs,
        "required": list(outputs),
    }


def disk() -> dict[str, Any]:
    inputs = {
        "name": _told("string", "Its name on this machine, unique there.", replaces=True),
        "sizeGib": _told("integer", "How large it is; it grows in place and never shrinks."),
    }
    return _all_needed("A block disk for hosts on this machine: a file.", inputs, path="The file that backs it.")


def attachment() -> dict[str, Any]:
    inputs = {
        "machine": _told("string", "The machine's id.", replaces=True),
        "disk": _told("string", "The file that backs the disk.", replaces=True),
        "volume": _told("string", "The machine's name for it.", replaces=True),
    }
    return _all_needed("A disk at a host on this machine.", inputs, device="Where the machine sees it.")


def _all_needed(description: str, inputs: dict[str, Any], **made: str) -> dict[str, Any]:
    outputs = {**inputs, **{name: _told("string", words) for name, words in made.items()}}
    return {
        "description": description,
        "inputProperties": inputs,
        "requiredInputs": list(inputs),
        "properties": outputs,
        "required": list(outputs),
    }


def _told(type_: str, description: str, *, replaces: bool = False) -> dict[str, Any]:
    told: dict[str, Any] = {"type": type_, "description": description}
    return {**told, "willReplaceOnChanges": True} if replaces else told
