"""Where the data folders lie: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

DATA_FOLDERS = ("models", "notebooks", "test_data")

_PACKAGE = Path(__file__).resolve().parent


def checkout_root() -> Path | None:
    """The root of the checkout that this package runs from, or None for an installed copy."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() else None


def data_path(name: str) -> Path:
    """The folder of data called `name`.

    Args:
        name: "models" (weights), "test_data" (frozen pictures) or "notebooks" (the assignments).

    Returns:
        An existing folder. In an installed copy it lies inside the package: never write there.

    Raises:
        ValueError: there is no data folder of that name.
        FileNotFoundError: the folder is not where it should be.
    """
    if name not in DATA_FOLDERS:
        raise ValueError(f"Expected one of {', '.join(DATA_FOLDERS)}. Received: name={name!r}")
    # The installed copy first: a site-packages/models beside it would be somebody else's.
    installed = _PACKAGE / "_data" / name
    if installed.is_dir():
        return installed
    root = checkout_root()
    if root is not None and (root / name).is_dir():
        return root / name
    if root is not None:
        raise FileNotFoundError(
            f"Expected the folder {name}/ in the checkout, at {root / name}, and found none. "
            f"Bring it back with: git checkout -- {name}"
        )
    raise FileNotFoundError(
        f"Expected the installed package to carry its folder {name}/, at {installed}, and found "
        "none. Install hwkit again: pip install --force-reinstall --no-deps hwkit"
    )
