"""Every AI model a person can call, in one honest table in the terminal."""

__version__ = "0.1.0"
