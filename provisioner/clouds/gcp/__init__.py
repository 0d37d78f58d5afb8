"""Google Cloud: its facts and prices as data, and the component families that build a deployment there."""
