"""Boxes: where submissions run, and from which nothing of theirs comes out but messages."""
