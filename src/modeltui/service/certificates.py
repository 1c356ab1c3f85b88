"""Whose certificates are believed: the user's file or folder, else the ones that came with the HTTP library."""

import ssl
from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=4)
def tls_settings(cert_file: str, cert_dir: str, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext | str:
    """Make the settings of secure connections, or say in one line which variable makes that impossible."""
    try:
        if cert_file:
            return ssl.create_default_context(cafile=cert_file)
        if cert_dir:
            return ssl.create_default_context(capath=cert_dir)
        return default()
    except OSError as error:
        variable = "SSL_CERT_FILE" if cert_file else "SSL_CERT_DIR" if cert_dir else "the certificates of the library"
        reason = "no such file" if isinstance(error, FileNotFoundError) else "no certificates can be read from it"
        return f"{variable}: {reason}"
