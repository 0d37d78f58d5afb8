"""What a definition may ask for beside the core, all in one stack a cloud, with the real engine: up, unchanged, less, down."""

from dataclasses import replace

import pytest
from fixture_stack import Simulated, fixture_on, program, with_plan

from provisioner.clouds.components import Deployment
from provisioner.clouds.discovery import clouds
from provisioner.plan.model import Bucket, Secret

KEEPS_VALUES = {
    "aws": "aws:secretsmanager/secretVersion:SecretVersion",
    "azure": "azure-native:keyvault:Secret",
    "gcp": "gcp:secretmanager/secretVersion:SecretVersion",
}


def asked_on(cloud: str) -> Deployment:
    """The fixture with flow logs, snapshots, a bucket with readers, and two stored secrets."""
    made = fixture_on(cloud)
    (volume,) = made.plan.volumes
    return with_plan(
        made,
        network=replace(made.plan.network, flow_log_days=30),
        volumes=(replace(volume, backup_days=7),),
        buckets=(Bucket(name="assets", readers=("app",), writers=("data",)),),
        secrets=(
            Secret(name="db-password", length=24, stored=True, readers=("app", "data")),
            Secret(name="api-key", stored=True),
        ),
    )


@pytest.mark.parametrize("cloud", clouds())
def test_the_life_of_what_is_asked_for(simulated: Simulated, cloud: str) -> None:
    wanted = asked_on(cloud)
    stack = simulated(program(wanted))
    previewed = stack.preview()["create"]
    assert stack.up() == {"create": previewed}
    assert stack.outputs()["secrets"].keys() == {"api-key", "db-password"}
    assert len([each for each in stack.exists() if each.token == KEEPS_VALUES[cloud]]) == 2
    assert "value of db-password" not in str(stack.export())
    assert set(stack.up()) <= {"same", "read"}
    assert set(stack.refresh()) <= {"same", "read"}

    fewer = with_plan(wanted, secrets=wanted.plan.secrets[:1], buckets=(Bucket(name="assets", readers=("app",)),))
    done = stack.use(program(fewer)).up()
    assert done.keys() <= {"same", "read", "delete", "update"}
    assert done["delete"] >= 2

    stack.destroy()
    assert stack.exists() == []
