"""What this machine cannot take though each host of it could: all hosts together have its processors and memory once."""

from provisioner.clouds.local.offers import memory_mib, millicpu
from provisioner.errors import Problems
from provisioner.plan.model import Plan


def check(plan: Plan) -> Problems:
    """Too much for one machine, and what is different here from a cloud."""
    problems = Problems()
    asked = sum(workload.needs.memory_mib for workload in plan.workloads)
    if asked > memory_mib():
        message = f"the containers ask for {asked} MiB together, and this machine has {memory_mib()} MiB for all its hosts"
        problems.error("cloud-limit", plan.place, message, hint="ask for less memory, or take another cloud")
    cpu = sum(workload.needs.millicpu for workload in plan.workloads)
    if cpu > millicpu():
        message = (
            f"the containers ask for {cpu / 1000:g} CPU together, and this machine has {millicpu() // 1000} for all its hosts"
        )
        problems.error("cloud-limit", plan.place, message, hint="ask for less CPU, or take another cloud")
    problems.note(
        "own-machines", plan.place, "hosts on this machine are billed by nobody: the cost is 0, and its power is not in it"
    )
    if plan.network.ssh_from:
        message = "network/access/ssh-from: hosts on this machine are reached from it alone, so this opens nothing more"
        problems.note("own-machines", plan.network.place, message)
    return problems
