"""Put into a wheel, besides the packages, the data folders that hwkit/paths.py looks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA_FOLDERS = ("models", "notebooks", "test_data")


class DataFolders(BuildHookInterface):
    """Put the data folders into real wheels.

    An editable install finds them in the checkout; its wheel must not carry them, because copies in
    site-packages would grow stale.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add each file of the data folders to a standard wheel; hidden files stay out."""
        if version != "standard":
            return
        root = Path(self.root)
        for folder in DATA_FOLDERS:
            if not (root / folder).is_dir():
                raise FileNotFoundError(f"Expected the folder {folder}/ in {root}, and found none.")
            for file in sorted((root / folder).rglob("*")):
                relative = file.relative_to(root)
                if file.is_file() and not any(part.startswith(".") for part in relative.parts):
                    build_data["force_include"][str(file)] = f"hwkit/_data/{relative.as_posix()}"
