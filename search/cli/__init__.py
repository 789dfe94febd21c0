"""The commands that ask a library: one module a command, whose `command` it is."""
