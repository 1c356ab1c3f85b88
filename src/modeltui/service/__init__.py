"""The layer that waits: asking sources, timing models, and keeping the catalog up to date."""
