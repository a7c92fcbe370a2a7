"""Webhooks: events signed by Standard Webhooks and told to the programs that asked for them."""
