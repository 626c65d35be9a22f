"""What runs inside the box, beside the student's code.

Nothing here knows an expected value, and nothing here is trusted: the judge, outside, believes only
the bytes that come back. This package imports nothing of ``autograder`` beyond itself.
"""
