"""Room: whether what a host has left holds what a workload asks for."""

from provisioner.placement.requests import Request
from provisioner.placement.reserve import stated, words
from provisioner.placement.slots import Load


def fits(request: Request, load: Load) -> bool:
    """Workloads that ignore pressure may ask for CPU that is taken; memory and GPUs are never given twice."""
    needs = request.needs
    enough_cpu = needs.millicpu <= load.free_millicpu or request.ignore_pressure
    return enough_cpu and needs.memory_mib <= load.free_memory_mib and needs.gpu <= load.free_gpu


def shortage(request: Request, load: Load) -> str:
    """What is missing, in words; "" where it fits."""
    if fits(request, load):
        return ""
    needs = request.needs
    free = words(max(0, load.free_millicpu), max(0, load.free_memory_mib), max(0, load.free_gpu) if needs.gpu else 0)
    missing = stated(
        0 if request.ignore_pressure else max(0, needs.millicpu - load.free_millicpu),
        max(0, needs.memory_mib - load.free_memory_mib),
        max(0, needs.gpu - load.free_gpu),
    )
    return f"{free} free, {missing} too little"
