"""Payload to claims: what each provider's answers look like, and how to read them. No IO, no clock."""
