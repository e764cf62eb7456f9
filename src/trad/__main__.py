"""`python -m trad` is `trad`."""

from trad.cli.app import main

main()
