"""Machines that are there already bring no object storage, and the capabilities say so before any is asked for."""

from provisioner.clouds.absent import Buckets

__all__ = ["Buckets"]
