"""What all tests share."""

from __future__ import annotations

import os

# Before anything imports TensorFlow: no window is opened, and two cores are not fought over by
# more threads than they can run.
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "2")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "2")
os.environ.setdefault("OMP_NUM_THREADS", "2")
