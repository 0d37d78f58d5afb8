"""The simulated Azure: its kinds, one file a family, in the words of Azure Resource Manager."""
