"""``python -m tallystick.cli``, where the command is not on the path."""

from tallystick.cli import main

main()
