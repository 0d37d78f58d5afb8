"""Codes of stacks and their configuration."""

from typing import Final

from provisioner.cli.codes.model import Code

CODES: Final = (
    Code(
        "data-loss",
        "The change would replace a disk that holds data: none shrinks or changes zones, some keep their kind or machine.",
        "volumes:\n  pgdata: {size: 20, hosts: data}   # it has 50",
        "Keep the volume as it is, or make one of another name, copy the data, then remove the old one.",
    ),
    Code(
        "not-ready",
        "The target's machines cannot be had from here: root or programs are missing, or the command runs in the sandbox.",
        "provisioner:target: {cloud: local, region: this-machine}",
        "Do what the message says.",
    ),
    Code(
        "provider-region",
        "The provider is configured for another region than the stack's target.",
        "aws:region: us-east-1\nprovisioner:target: {cloud: aws, region: eu-west-1}",
        "Set both to the same: `pulumi config set aws:region eu-west-1`.",
    ),
    Code(
        "root-disk",
        "A host's own disk has another size in the definition, which only a new host has: the old one goes with all on it.",
        "hosts:\n  app: {disk: 30GiB}   # its hosts have 40",
        "Keep the size, or name the hosts in `provisioner:renew`, which makes them anew.",
    ),
    Code(
        "secret-missing",
        "A workload uses a secret that nobody gives: it is not generated, and the stack's configuration does not have it.",
        'value: <- secret("smtp-password")',
        "`pulumi config set --secret --path provisioner:secrets.smtp-password`, or let the blueprint generate it.",
    ),
    Code(
        "transport",
        "Containers are brought to hosts over SSH, and these hosts could not be reached: nobody's key is authorised, or no range "
        "of addresses is let in.",
        "network: {egress: direct}",
        "`network: {access: {ssh-from: [203.0.113.0/24]}}` and `provisioner:ssh-key`; or try it with `provisioner sandbox run`.",
    ),
    Code(
        "unknown-code",
        "There is no problem of this code.",
        "provisioner explain wrong-tpye",
        "`provisioner explain` lists every code.",
    ),
    Code(
        "unknown-stack",
        "The stack has no configuration file.",
        "provisioner plan --stack prod",
        "Make it: `pulumi stack init prod`, or correct the name.",
    ),
    Code(
        "volume-move",
        "A disk that is a part of its host (on Azure) cannot move that way in one deployment.",
        "volumes:\n  pgdata: {size: 50, hosts: new}   # and the host group old is gone",
        "Keep the old host until the volume has moved, and move volumes between two hosts one after the other.",
    ),
    Code(
        "yaml",
        "The stack's configuration file is not valid YAML.",
        "",
        "Correct it where the message points.",
    ),
)
