"""The benches of prices: `python -m bench.prices.bench`."""
