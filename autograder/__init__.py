"""What only instructors have: releasing assignments, and grading submissions sealed."""
