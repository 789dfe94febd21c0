"""Segments as files of plain numpy arrays: writers, readers, and the Whoosh codec around them."""
