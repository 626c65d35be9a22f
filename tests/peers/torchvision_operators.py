"""Lets zennit import torchvision where its compiled part does not go with the torch installed.

Torchvision describes two of its operators when it is imported, and fails where they are not there;
nothing here uses them. Import this before zennit.
"""

from __future__ import annotations

import torch

for _name in ("nms", "qnms"):
    if not hasattr(torch.ops.torchvision, _name):
        torch.library.define(
            f"torchvision::{_name}",
            "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
        )
