"""The demo: a believable region, or the whole country, made of generated people only."""
