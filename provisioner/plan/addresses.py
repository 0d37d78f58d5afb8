"""Static public addresses."""

from provisioner.plan import names
from provisioner.plan.fields import Section
from provisioner.plan.model import Address


def build(section: Section) -> tuple[Address, ...]:
    return tuple(_address(name, address) for name, address in section.sections())


def _address(name: str, address: Section) -> Address:
    address.only()
    names.check(name, address.place, address.problems)
    return Address(name=name, place=address.place)
