"""This machine has no balancers, and the capabilities say so before any is asked for."""

from provisioner.clouds.absent import Balancers

__all__ = ["Balancers"]
