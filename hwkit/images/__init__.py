"""The pictures of the course: drawn scenes with part masks, photos, and how networks take them."""
