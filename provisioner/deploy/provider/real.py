"""The transport to real hosts: the same work over SSH and on local hosts."""

from provisioner.deploy.hosts import inspect
from provisioner.deploy.hosts.adopt import CONTACT_SECONDS, Adoption, adopt, release
from provisioner.deploy.hosts.apply import apply, ensure_keys
from provisioner.deploy.hosts.connect import FIRST_CONTACT_SECONDS, connect, first_contact
from provisioner.deploy.hosts.generation import generation
from provisioner.deploy.hosts.images import Archives
from provisioner.deploy.hosts.prepare import Prepared, prepare
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.remove import remove
from provisioner.deploy.hosts.shell import Shell, SilentError
from provisioner.deploy.hosts.ssh_connect import OtherKeyError
from provisioner.deploy.hosts.unmount import unmount
from provisioner.deploy.provider.transport import Contact, Machine, Reading
from provisioner.errors import HostError
from provisioner.host import status
from provisioner.host.delivery import Delivery
from provisioner.host.status import Running


class ShellTransport:
    """A `Transport`."""

    def contact(self, machine: Machine, progress: Progress) -> Contact:
        adoption = machine.adoption
        seconds = CONTACT_SECONDS if adoption else FIRST_CONTACT_SECONDS
        shell, host_key = first_contact(machine.reach, progress.tell, seconds)
        progress.tell("preparing")
        prepared = _adopted(shell, adoption, progress) if adoption else prepare(shell)
        return Contact(host_key=host_key, overlay_key=prepared.overlay_key, facts=prepared.facts)

    def apply(self, machine: Machine, delivery: Delivery, progress: Progress, archives: Archives) -> Running:
        return apply(connect(machine.reach), delivery, progress, archives)

    def read(self, machine: Machine, delivery: Delivery) -> Reading | None:
        """A host that does not answer is drift and no error: a refresh goes on, and so does the `up` that replaces it."""
        try:
            shell = connect(machine.reach)
            state = ensure_keys(shell, inspect.inspect(shell))
        except HostError as error:
            return Reading(running=None, drift=(f"the host cannot be read: {error}",))
        if not state.generation and (state.is_whole or not state.journal):
            return None
        found = inspect.running(state, delivery, generation(delivery, state.key))
        return Reading(running=found, drift=(*inspect.remarks(state), *status.drift(status.wanted(delivery), found)))

    def remove(self, machine: Machine, progress: Progress) -> None:
        try:
            remove(connect(machine.reach), machine.host)
        except (SilentError, OtherKeyError) as error:
            progress.tell(f"{error}: what ran there is left as it is")

    def release(self, machine: Machine, progress: Progress) -> None:
        """The bundle goes first, where it has not gone yet."""
        try:
            shell = connect(machine.reach)
            remove(shell, machine.host)
            release(shell, machine.host, progress.tell)
        except (SilentError, OtherKeyError) as error:
            progress.tell(f"{error}: what is left of us there stays")

    def unmount(self, machine: Machine, volume: str, progress: Progress) -> None:
        try:
            unmount(connect(machine.reach), volume)
        except (SilentError, OtherKeyError) as error:
            progress.tell(f"{error}: the volume {volume} is left as it is there")


def _adopted(shell: Shell, adoption: Adoption, progress: Progress) -> Prepared:
    """A machine that cannot be a host after all is given back at once: no state would know that it was taken."""
    is_new = adopt(shell, adoption, progress.tell)
    try:
        return prepare(shell, boots=False)
    except HostError:
        if is_new:
            release(shell, adoption.host, progress.tell)
        raise
