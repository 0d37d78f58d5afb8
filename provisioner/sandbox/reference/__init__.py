"""The reference page of the simulated types, written from the kinds: `python -m provisioner.sandbox.reference`."""
