"""The commands of the shell program ``hwkit``, one a file."""
