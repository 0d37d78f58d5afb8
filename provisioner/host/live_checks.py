"""Readiness checks that the host's containers cannot decide themselves: whoever applies the bundle evaluates them."""

import json
from collections.abc import Iterator

from provisioner.host.health import is_job, start_seconds
from provisioner.host.model import LiveCheck
from provisioner.host.names import service_name, unit_name
from provisioner.host.scene import Scene, Subject


def live_checks(scene: Scene) -> Iterator[LiveCheck]:
    """One for each workload that has such a check; jobs are done when they end. It is asked when the last container runs."""
    for workload in scene.workloads:
        check, last = workload.readiness, workload.containers[-1]
        if check is None or not check.asked or is_job(Subject(scene=scene, workload=workload, container=last)):
            continue
        asked = {
            "answers": json.loads(check.asked),
            "containers": {one.name: unit_name(workload.name, one.name) for one in workload.containers},
            "ports": {str(one.port): one.container for one in workload.services.values()},
        }
        yield LiveCheck(
            workload=workload.name,
            container=last.name,
            service=service_name(workload.name, last.name),
            code=check.code,
            asked=json.dumps(asked, sort_keys=True, ensure_ascii=False),
            period=check.period,
            initial_delay=check.initial_delay,
            attempts=check.attempts,
            timeout=start_seconds(scene.plan, workload),
        )
