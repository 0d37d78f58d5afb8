"""This machine has no static addresses, and the capabilities say so before any is asked for."""

from provisioner.clouds.absent import Addresses

__all__ = ["Addresses"]
