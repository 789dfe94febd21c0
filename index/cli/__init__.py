"""The commands that write a library or tell what it holds: one module a command, whose `command` it is."""
