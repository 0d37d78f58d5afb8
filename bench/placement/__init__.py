"""The benches of placement: `python -m bench.placement`."""
