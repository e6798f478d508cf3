"""Run the command line with ``python -m abstractgan``."""

from abstractgan.cli import main

main()
