"""Keep TensorFlow's start-up chatter off the student's notebook.

The settings are environment variables that TensorFlow reads once, while it is imported; values that the user has set
already are left alone.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # C++ log: errors of the start-up are shown by exceptions anyway
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # its notice, and results that depend on the machine
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
