"""How far methods agree on noughts and ones, over several networks, as a page of tables.

    python -m hwkit.evaluation.agreement_findings --data mnist --seeds 5
    python -m hwkit.evaluation.agreement_findings --data bundled --pictures 100 --page own.md

Networks and numbers are kept; a killed call continues where it was. MNIST comes from the folder
that HWKIT_DATA names.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from hwkit.evaluation.agreement_study import (
    READINGS,
    VARIANTS,
    measure,
    pairs_over_seeds,
)
from hwkit.images.zero_one import ZERO_ONE_SETS, load_zero_one

FOUR = ("ig", "lrp", "deeplift", "gbp")
CONTROLS = ("random", "random-x-input")
_PAGE = Path("docs/agreement_findings.md")
_SOURCES = {"mnist": "MNIST", "bundled": "the bundled digits"}
_WIDTH = 110  # letters in a line of the page

Measured = Mapping[str, Sequence[Mapping[str, Any]]]


def page(measured: Measured, data: str) -> str:
    """What was measured, by variant a list of networks, as a page of Markdown."""
    trained = measured["trained"]
    right = [100 * each["accuracy"] for each in trained]
    lines = [
        "# Do the methods agree?",
        "",
        *_wrapped(
            f"Noughts and ones of {_SOURCES[data]}: {len(trained)} networks, trained from "
            f"different seeds ({min(right):.2f} to {max(right):.2f}% right), and "
            f"{trained[0]['pictures']} test pictures. Each method explains the class that "
            "the network says; the reference is paper, 0. Spearman's correlation between the "
            "maps of two methods is taken picture by picture, over all pixels or over "
            "the ink alone, of the values or of their sizes. "
            "*ig*: integrated gradients, 50 points; *lrp*: LRP, epsilon rule (1e-6); *deeplift*: "
            "rescale rule; *gbp*: guided backprop; *gxi*: gradient x input."
        ),
        "",
        "Made by `python -m hwkit.evaluation.agreement_findings`.",
        "",
        "## What it means",
        "",
        *(line for told in _meaning(measured) for line in (*_wrapped(told), "")),
        "## The trained networks",
        "",
        "Mean ± standard deviation between pictures, and in brackets between seeds of training.",
        "",
        *_by_reading(trained),
        "",
        "## Class by class",
        "",
        "Ink only; mean over the networks, of the pictures that they call 0 and of those called 1.",
        "",
        *_by_class(trained),
        "",
        "## One thing changed at a time",
        "",
        *_by_variant(measured),
    ]
    return "\n".join([*lines, ""])


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _meaning(measured: Measured) -> list[str]:
    """What the numbers mean, in sentences that hold them."""

    def mean(reading: str, first: str, second: str, variant: str = "trained") -> str:
        return _number(pairs_over_seeds(measured[variant], reading, first, second)[0])

    def over_variants(reading: str, first: str, second: str, *variants: str) -> str:
        told = [f"{mean(reading, first, second, name)} ({name})" for name in variants]
        return ", ".join(told)

    _, of_seeds, of_pictures = pairs_over_seeds(measured["trained"], "ink", "ig", "gbp")
    sizes, ink_sizes, noise = "all pixels, sizes", "ink, sizes", CONTROLS[1]
    return [
        f"**Ties.** Random numbers times the picture agree with integrated gradients in size by "
        f"{mean(sizes, 'ig', noise)} over all pixels, because both are 0 on paper, and paper is "
        f"most of a digit. On the ink alone it is {mean(ink_sizes, 'ig', noise)}, which is what "
        f"the darkness of the ink gives both; with signs {mean('ink', 'ig', noise)}. A number for "
        "sizes over all pixels says nothing without this control.",
        "**Agreement is no proof.** On the ink, integrated gradients and LRP agree by "
        + over_variants("ink", "ig", "lrp", "trained", "untrained", "shuffled labels")
        + ". What they agree about need not be anything that a network has learned.",
        "**Why they agree.** From zero, LRP and gradient x input coincide on networks of "
        f"ReLUs ({mean('ink', 'lrp', 'gxi')} on the ink), and without biases DeepLIFT with them. "
        "DeepLIFT and LRP, over all pixels: "
        + over_variants(
            "all pixels",
            "lrp",
            "deeplift",
            "no biases",
            "trained",
            "max pooling",
            "grey reference",
            "noise as reference",
        )
        + ".",
        "**One network is not enough.** Guided backprop is not multiplied by the picture. On the "
        f"ink it agrees with integrated gradients by {mean('ink', 'ig', 'gbp')}, with a standard "
        f"deviation of {of_pictures:.2f} between pictures of a network and of {of_seeds:.2f} "
        "between networks that differ in nothing but the seed; no number of pictures shows that.",
    ]


def _by_reading(found: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [f"| methods | {' | '.join(READINGS)} |", "|---|" + "---|" * len(READINGS)]
    for pair in _pairs():
        cells = [_told(*pairs_over_seeds(found, reading, *pair)) for reading in READINGS]
        rows.append(f"| {' and '.join(pair)} | {' | '.join(cells)} |")
    return rows


def _by_class(found: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = ["| methods | 0 | 1 |", "|---|---|---|"]
    for first, second in combinations(FOUR, 2):
        cells = []
        for c in ("0", "1"):
            values = [
                each["readings"]["ink"]["classes"][c][each["methods"].index(first)][
                    each["methods"].index(second)
                ]
                for each in found
            ]
            cells.append(f"{np.mean([each for each in values if each is not None]):.2f}")
        rows.append(f"| {first} and {second} | {' | '.join(cells)} |")
    return rows


def _by_variant(measured: Measured) -> list[str]:
    """A table of ink, and one of all pixels: from grey or noise, paper is ink too."""
    lines = []
    for reading in ("ink", "all pixels"):
        counts = {name: found[0]["pictures"] for name, found in measured.items()}
        lines += [
            f"{reading.capitalize()}; mean over the networks (standard deviation between them).",
            "",
            f"| methods | {' | '.join(f'{name}, {counts[name]}' for name in measured)} |",
            "|---|" + "---|" * len(measured),
        ]
        for pair in [*combinations(FOUR, 2), ("lrp", "gxi"), ("deeplift", "gxi")]:
            cells = []
            for found in measured.values():
                mean, between, _ = pairs_over_seeds(found, reading, *pair)
                cells.append(f"{mean:.2f} ({between:.2f})")
            lines.append(f"| {' and '.join(pair)} | {' | '.join(cells)} |")
        right = [
            f"{100 * np.mean([each['accuracy'] for each in found]):.1f}"
            for found in measured.values()
        ]
        lines += [f"| percent right | {' | '.join(right)} |", ""]
    return [
        *lines,
        "The number beside a network's name is that of its test pictures. Noise is one picture for",
        "all; from grey or noise, paper differs from the reference and so counts as ink. LRP and",
        "guided backprop have no reference. Untrained networks have biases of 0. Shuffled labels:",
        "of 500 pictures, learned by heart.",
    ]


def _pairs() -> list[tuple[str, str]]:
    return [
        *combinations(FOUR, 2),
        *((name, "gxi") for name in FOUR),
        *((name, control) for control in CONTROLS for name in FOUR),
    ]


def _told(mean: float, between: float, deviation: float) -> str:
    return f"{_number(mean)} ± {deviation:.2f} ({between:.2f})"


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-0.00", "0.00")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is not measured yet, and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", choices=ZERO_ONE_SETS, default="mnist")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--pictures", type=int, default=10_000, help="of the trained networks")
    parser.add_argument("--variant-pictures", type=int, default=300, help="of the others")
    parser.add_argument("--folder", type=Path, default=Path(".cache/agreement"))
    parser.add_argument("--page", type=Path, default=_PAGE, help="the file to write")
    options = parser.parse_args(arguments)
    if min(options.seeds, options.pictures, options.variant_pictures) < 1:
        parser.error("Expected numbers of 1 or more.")
    data = load_zero_one(options.data)
    options.folder.mkdir(parents=True, exist_ok=True)
    measured: dict[str, list[dict[str, Any]]] = {}
    with tqdm(total=len(VARIANTS) * options.seeds, desc="networks", unit="network") as bar:
        for seed in range(1, options.seeds + 1):
            for name, variant in VARIANTS.items():
                count = options.pictures if name == "trained" else options.variant_pictures
                bar.set_postfix_str(f"{name}, seed {seed}")
                found = measure(variant, data, seed, count, options.folder)
                measured.setdefault(name, []).append(found)
                bar.update()
    options.page.write_text(page(measured, options.data), encoding="utf-8")
    print(f"wrote {options.page}")


if __name__ == "__main__":
    main()
