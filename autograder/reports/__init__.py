"""What instructors and students read: terminal tables, the report page, feedback pages.

Everything that comes from a submission is treated as data of an adversary: text is cleaned and
escaped, pictures are decoded and encoded anew, and no HTML of a student reaches a page.
"""
