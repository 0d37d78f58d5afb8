"""Placement and sizing: which machines there are, and which of them runs what."""

from provisioner.placement.solve import place

__all__ = ["place"]
