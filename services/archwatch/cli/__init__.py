"""The command line: parse, build by bootstrap, call, print."""
