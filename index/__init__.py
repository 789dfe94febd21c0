"""The writing side of byline, and the format on disk."""
