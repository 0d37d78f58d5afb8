"""Volumes with snapshots on Google Cloud."""

from dataclasses import replace

from golden import assert_golden, of_type
from test_gcp_trees import fixture, tree_of, with_plan

from provisioner.clouds.components import Deployment


def kept_for(*days: int) -> Deployment:
    """The fixture with a volume for each number of days; 0 has no snapshots."""
    original = fixture()
    [volume] = original.plan.volumes
    volumes = tuple(replace(volume, name=f"disk-{number}", backup_days=each) for number, each in enumerate(days))
    return with_plan(original, volumes=volumes)


def test_the_golden_tree() -> None:
    tree = tree_of(kept_for(7))
    family = "provisioner:index:Volumes::demo-platform"
    assert_golden("gcp/backup.yaml", {key: value for key, value in tree.items() if value.get("parent") == family})


def test_disks_share_a_schedule_of_their_days_and_others_have_none() -> None:
    tree = tree_of(kept_for(7, 30, 7, 0))
    assert sorted(of_type(tree, "gcp:compute/resourcePolicy:ResourcePolicy")) == [
        "demo-platform-backup-30",
        "demo-platform-backup-7",
    ]
    attachments = of_type(tree, "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment")
    assert sorted(attachments) == [f"demo-platform-disk-{number}-backup" for number in range(3)]
    assert all(attachment["deleteBeforeReplace"] for attachment in attachments.values())
