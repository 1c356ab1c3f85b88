"""The command line: works without a terminal, data on stdout, everything else on stderr."""
