"""Volumes with snapshots on Azure, as its sandbox takes them: it refuses a disk whose vault lacks a role."""

from dataclasses import replace

from golden import Tree, assert_golden, of_type
from simulated import build
from test_azure_components import fixture

ROLE = "azure-native:authorization:RoleAssignment"
POLICY = "azure-native:dataprotection:BackupPolicy"
INSTANCE = "azure-native:dataprotection:BackupInstance"


def kept_for(*days: int) -> Tree:
    """The fixture with a volume for each number of days; 0 has no snapshots."""
    original = fixture()
    [volume] = original.plan.volumes
    volumes = tuple(replace(volume, name=f"disk-{number}", backup_days=each) for number, each in enumerate(days))
    return build(replace(original, plan=replace(original.plan, volumes=volumes)))


def test_the_golden_tree() -> None:
    tree = kept_for(7)
    family = "provisioner:index:Volumes::demo-platform"
    assert_golden("azure/backup.yaml", {key: value for key, value in tree.items() if value.get("parent") == family})


def test_disks_share_a_policy_of_their_days_and_others_have_none() -> None:
    tree = kept_for(7, 30, 7, 0)
    assert sorted(of_type(tree, POLICY)) == ["demo-platform-backup-30", "demo-platform-backup-7"]
    followed = {
        name: instance["inputs"]["properties"]["policyInfo"]["policyId"].rpartition("/")[2]
        for name, instance in of_type(tree, INSTANCE).items()
    }
    assert followed == {
        "demo-platform-disk-0-backup": "daily-7",
        "demo-platform-disk-1-backup": "daily-30",
        "demo-platform-disk-2-backup": "daily-7",
    }


def test_the_vault_reads_the_disks_that_it_backs_up_and_no_others() -> None:
    scopes = {name: role["inputs"]["scope"].rpartition("/")[2] for name, role in of_type(kept_for(7, 0), ROLE).items()}
    assert sorted(scopes) == ["demo-platform-disk-0-backup-role", "demo-platform-snapshots-role"]
    assert scopes["demo-platform-disk-0-backup-role"].startswith("demo-platform-disk-0")
    assert scopes["demo-platform-snapshots-role"].startswith("demo-platform-snapshots")


def test_nothing_is_there_without_snapshots() -> None:
    tree = kept_for(0)
    assert not of_type(tree, POLICY)
    assert not of_type(tree, ROLE)
