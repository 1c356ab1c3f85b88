"""BLAKE2b by itself: `hashlib` loads OpenSSL for what else it offers, which takes 2 ms of every start."""

try:
    from _blake2 import blake2b
except ImportError:  # another Python than CPython
    from hashlib import blake2b

__all__ = ["blake2b"]
