"""A training that is killed when its first epoch has been saved."""

from __future__ import annotations

import numpy as np
import pytest

from hwkit.networks.resumable import ResumableTraining


def killed_after_one_epoch(trainer: ResumableTraining, *examples: np.ndarray) -> None:
    """Train on the examples and their labels until the first checkpoint is written, and no more."""
    save = trainer._save

    def saved_then_killed() -> None:
        save()
        raise KeyboardInterrupt

    trainer._save = saved_then_killed
    with pytest.raises(KeyboardInterrupt):
        trainer.run(*examples)
