"""Volumes with snapshots on AWS."""

from dataclasses import replace

from golden import assert_golden, of_type
from test_aws_families import FIXTURE, tree_of

from provisioner.clouds.components import Deployment

POLICY = "aws:dlm/lifecyclePolicy:LifecyclePolicy"


def kept_for(*days: int) -> Deployment:
    """The fixture with a volume for each number of days; 0 has no snapshots."""
    [volume] = FIXTURE.plan.volumes
    volumes = tuple(replace(volume, name=f"disk-{number}", backup_days=each) for number, each in enumerate(days))
    return replace(FIXTURE, plan=replace(FIXTURE.plan, volumes=volumes))


def test_the_golden_tree() -> None:
    tree = tree_of(kept_for(7))
    family = "provisioner:index:Volumes::demo-platform"
    assert_golden("aws/backup.yaml", {key: value for key, value in tree.items() if value.get("parent") == family})


def test_a_policy_finds_the_volumes_that_ask_for_its_days_and_no_others() -> None:
    tree = tree_of(kept_for(7, 30, 7, 0))
    asked = {
        name: volume["inputs"]["tags"].get("provisioner:backup")
        for name, volume in of_type(tree, "aws:ebs/volume:Volume").items()
    }
    found = {
        name: policy["inputs"]["policyDetails"]["targetTags"]["provisioner:backup"]
        for name, policy in of_type(tree, POLICY).items()
    }
    assert found == {"demo-platform-backup-7": "demo/dev/demo-platform/7", "demo-platform-backup-30": "demo/dev/demo-platform/30"}
    assert list(asked.values()) == [*(f"demo/dev/demo-platform/{days}" for days in (7, 30, 7)), None]


def test_nothing_is_there_without_snapshots() -> None:
    assert not of_type(tree_of(FIXTURE), POLICY)
