"""Who may use what the cloud keeps: host groups, named as readers and writers of buckets and secrets."""

from collections.abc import Iterator

from provisioner.errors import Place, Problems, nearest
from provisioner.plan.model import Plan


def check(plan: Plan, problems: Problems) -> None:
    """A reader is a host group, and on the stack's own cloud, where buckets and secrets are."""
    groups = {group.name: group for group in plan.groups}
    for what, name, place in _named(plan):
        if name not in groups:
            close = nearest(name, groups)
            hint = f"did you mean {close}?" if close else f"host groups are {', '.join(groups) or 'none'}"
            problems.error("missing-reference", place, f'{what}: no host group "{name}"', hint=hint)
        elif groups[name].cloud:
            message = f"{what}: the hosts {name} are on {groups[name].cloud}, and this is on {plan.target.cloud}"
            problems.error("capability", place, message, hint="an identity of another cloud reads nothing here: leave it out")


def granted(plan: Plan) -> frozenset[str]:
    """The host groups whose identity may use something."""
    return frozenset(name for _, name, _ in _named(plan))


def _named(plan: Plan) -> Iterator[tuple[str, str, Place]]:
    for bucket in plan.buckets:
        yield from ((f"buckets/{bucket.name}/readers", name, bucket.place) for name in bucket.readers)
        yield from ((f"buckets/{bucket.name}/writers", name, bucket.place) for name in bucket.writers)
    for secret in plan.secrets:
        yield from ((f"secrets/{secret.name}/readers", name, secret.place) for name in secret.readers)
