"""The app, and the command `byline` whose root it is."""
