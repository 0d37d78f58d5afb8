"""Runnables as the plan's workloads: what they need in all, and the volumes that tie them to a host."""

from collections.abc import Sequence
from dataclasses import replace

from provisioner.errors import Problems
from provisioner.plan import volumes as volume_names
from provisioner.plan.model import Volume, Workload
from provisioner.resolve.model import Container, Mount, Needs, Port, Runnable, Service


def total_needs(runnable: Runnable, problems: Problems) -> Needs:
    """The sum over its containers, which run together on one host. `stated` where every container states its own."""
    needs = [container.needs for container in runnable.containers]
    architectures = sorted({need.arch for need in needs} - {""})
    if len(architectures) > 1:
        message = f"the containers need {' and '.join(architectures)}, and they run on one host"
        problems.error("conflict", runnable.place, message, hint="one runnable for each architecture")
    return Needs(
        millicpu=sum(need.millicpu for need in needs),
        memory_mib=sum(need.memory_mib for need in needs),
        gpu=sum(need.gpu for need in needs),
        arch=next(iter(architectures), ""),
        stated=all(need.stated for need in needs),
    )


def build(runnable: Runnable, needs: Needs, volumes: Sequence[Volume]) -> Workload:
    """One workload; `needs` are its `total_needs`, `volumes` all of the plan's."""
    return Workload(
        name=runnable.name,
        containers=tuple(_with_service_ports(container, runnable) for container in runnable.containers),
        needs=needs,
        services=runnable.services,
        connections=runnable.connections,
        routes=runnable.routes,
        hooks=runnable.hooks,
        depends=runnable.depends,
        readiness=runnable.readiness,
        affinity=runnable.affinity,
        volumes=tuple(volume.name for volume in volumes if _mounts(runnable, volume)),
        place=runnable.place,
    )


def with_host_port(container: Container, service: Service, host_port: int) -> Container:
    """The container with the service's port on the machine's `host_port`."""
    ports = container.ports
    for index, port in enumerate(ports):
        same = (port.container, port.protocol) == (service.port, service.protocol)
        if same and port.host == host_port:
            return container
        if same and port.host is None:
            return replace(container, ports=(*ports[:index], replace(port, host=host_port), *ports[index + 1 :]))
    added = Port(container=service.port, host=host_port, protocol=service.protocol, published=service.published)
    return replace(container, ports=(*ports, added))


def _with_service_ports(container: Container, runnable: Runnable) -> Container:
    container = replace(container, ports=_without_repeats(container.ports))
    for service in runnable.services.values():
        if service.container == container.name and service.host_port is not None:
            container = with_host_port(container, service, service.host_port)
    return container


def _without_repeats(ports: Sequence[Port]) -> tuple[Port, ...]:
    """A port that `ports` and a service both state is one port, published where either publishes it."""
    merged: dict[tuple[int, int | None, str, str], Port] = {}
    for port in ports:
        key = (port.container, port.host, port.protocol, port.address)
        merged[key] = replace(port, published=port.published or (key in merged and merged[key].published))
    return tuple(merged.values())


def _mounts(runnable: Runnable, volume: Volume) -> bool:
    """Whether a container mounts the plan's volume: by name, or by a path on the host at or under the volume's."""
    own = {volume_names.runnable_volume_name(runnable.name, name) for name in runnable.volumes}
    mounts = [mount for container in runnable.containers for mount in container.mounts]
    return volume.name in own or any(_is_on(mount, volume) for mount in mounts if mount.volume not in runnable.volumes)


def _is_on(mount: Mount, volume: Volume) -> bool:
    return mount.volume == volume.name or f"{mount.host.rstrip('/')}/".startswith(f"{volume.path}/")
