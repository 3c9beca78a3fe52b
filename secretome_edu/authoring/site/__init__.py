"""The course without a kernel: the static reading book and what is checked about it."""
