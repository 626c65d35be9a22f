"""How soon the explorer answers: `python benchmarks/explorer.py [--world vgg16] [--cached]`.

Sliders are moved by keyboard in a real browser (Chromium, without a window), then classes and
pictures are chosen, and parts of a drawn picture left out. A time runs from the browser's input
event to the frame in which the picture that follows from it is painted. "first" is the first
picture that differs, which may be a preview from fewer points; "final" is the last one. Each move
of "points" and each choice calls for explanations that were not computed before; neurons that may
be shown next are computed ahead, and blur and threshold only draw anew.

The world "vgg16" here is the full-size network with random weights, on pictures drawn at 224
pixels.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import psutil
from playwright.sync_api import Page, sync_playwright

from hwkit.commands.explore import ended_by_signals
from hwkit.commands.serving import served

CELLS = {
    "pocket": "from hwkit.explorer import NeuronExplorer\nNeuronExplorer('pocket')",
    "vgg16": """
import numpy as np
from hwkit import networks
from hwkit.explorer import NeuronExplorer
from hwkit.images.scenes import draw
images = np.stack([draw("sports car", seed, size=224).image for seed in range(4)])
network = networks.load("vgg16", weights=None)
NeuronExplorer(network, images=images, image_bound="caffe", top=4, resolution=8)
""",
}
INPUT = "The picture, and what in it matters"
# Slider, and the gallery that follows from it.
SLIDERS = {
    "neurons shown": "What the top neurons see where they matter for the question",
    "blur (pixels)": INPUT,
    "threshold": INPUT,
    "points": INPUT,
}
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")  # else Playwright's own
Times = dict[str, list[tuple[float, float]]]
# Notes when a key or a button goes down or an option is chosen, and when the gallery's pictures
# have changed and are painted.
WATCH = """() => {
    const shown = () => [...document.querySelectorAll(`[aria-label="${window.watched}"] [data-id]`)]
        .map((node) => {
            const canvas = node.querySelector("canvas");
            if (canvas.hidden) return "none";
            const middle = Math.floor(canvas.height / 2);  // a strip: looking must not take long
            const pixels = canvas.getContext("2d").getImageData(0, middle, canvas.width, 4);
            let sum = 0;
            for (const value of pixels.data) sum = (sum * 31 + value) | 0;
            return `${node.dataset.id} ${sum}`;
        });
    const pending = () => document.querySelector(".hwkit-views [aria-busy=true]") !== null;
    window.arm = (watched) => {
        [window.watched, window.paints, window.begun] = [watched, [], undefined];
        window.before = shown().join();
    };
    for (const kind of ["keydown", "pointerdown", "change"]) {
        const note = () => { window.begun ??= performance.now(); };
        document.addEventListener(kind, note, true);
    }
    new MutationObserver((records) => {
        const label = `[aria-label="${window.watched}"]`;
        const meant = records.some((record) => record.target.querySelector(label));
        if (window.begun === undefined || !meant) return;
        const now = shown();
        if (now.join() === window.before || now.includes("none")) return;
        window.before = now.join();
        const rest = pending();
        requestAnimationFrame(() => {  // a message comes after the frame is painted
            const after = new MessageChannel();
            after.port1.onmessage = () =>
                window.paints.push([performance.now() - window.begun, rest]);
            after.port2.postMessage(0);
        });
    }).observe(document.body, { subtree: true, attributeFilter: ["data-painted"] });
}"""
IDLE = """() => document.querySelector(".hw-busy.hw-idle")
    && !document.querySelector(".hwkit-views [aria-busy=true]")"""
STALLS = """() => {
    window.longest = 0;
    let last = performance.now();
    const tick = (now) => {
        window.longest = Math.max(window.longest, now - last);
        last = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
}"""


def idle(page: Page, seconds: float = 900) -> None:
    """Wait until nothing is computed and what was computed is painted."""
    page.wait_for_function(IDLE, timeout=1000 * seconds)
    page.wait_for_timeout(150)
    page.wait_for_function(IDLE, timeout=1000 * seconds)


def timed(page: Page, watched: str, act: Callable[[], object]) -> tuple[float, float] | None:
    """Milliseconds to the first and to the final picture after an act; None if none changed."""
    idle(page)
    page.evaluate("(watched) => window.arm(watched)", watched)
    act()
    page.wait_for_timeout(30)
    idle(page)
    paints = page.evaluate("() => window.paints")
    return None if not paints else (paints[0][0], paints[-1][0])


def move(page: Page, slider: str, key: str) -> tuple[float, float] | None:
    """The times of one step of a slider."""
    handle = page.locator(".widget-slider", has_text=slider).get_by_role("slider")
    return timed(page, SLIDERS[slider], lambda: handle.press(key))


def moves(page: Page, count: int, rng: random.Random, *, anew: bool = True) -> Times:
    """The times of moves by slider, up and down within 5 steps; points only up if ``anew``."""
    times: Times = {name: [] for name in SLIDERS}
    place = dict.fromkeys(SLIDERS, 0)
    for number in range(count):
        slider = list(SLIDERS)[number % len(SLIDERS)]
        up = place[slider] <= 0 or (place[slider] < 5 and rng.random() < 0.6)
        up = up or (anew and slider == "points")
        place[slider] += 1 if up else -1
        taken = move(page, slider, "ArrowRight" if up else "ArrowLeft")
        if taken is not None:
            times[slider].append(taken)
    return times


def choices(page: Page) -> Times:
    """The times of choosing other classes and pictures and of leaving parts out."""
    of_class = page.locator(".widget-dropdown", has_text="compared with").locator("select")
    names = of_class.locator("option").all_text_contents()[1:6]
    asked = page.locator(".widget-dropdown", has=page.get_by_text("class", exact=True))
    names = [each for each in names if each != asked.locator("select option:checked").inner_text()]
    pictures = page.get_by_label("choose a picture").locator("[data-id]")
    switches = page.get_by_label("Where the explanation lies").get_by_role("checkbox")
    acts: dict[str, list[Callable[[], object]]] = {
        "compared with": [partial(of_class.select_option, name) for name in names],
        "picture": [pictures.nth(i).click for i in range(1, min(7, pictures.count()))],
        "part": [switches.nth(i).click for i in range(min(4, switches.count()))],
    }
    return {
        name: [each for act in some if (each := timed(page, INPUT, act)) is not None]
        for name, some in acts.items()
    }


def back_and_forth(page: Page, count: int) -> Times:
    """The times of moves between two places of a slider, all of them computed before."""
    times: Times = {}
    for slider in list(SLIDERS)[:3]:
        taken = [move(page, slider, ("ArrowRight", "ArrowLeft")[i % 2]) for i in range(count)]
        times[slider] = [each for each in taken[2:] if each is not None]
    return times


def drag(page: Page) -> tuple[float, float]:
    """Thirty moves in a second: the longest gap between frames, and the time to the end."""
    idle(page)
    handle = page.locator(".widget-slider", has_text="points").get_by_role("slider")
    page.evaluate(STALLS)
    for _ in range(30):
        handle.press("ArrowRight")
        page.wait_for_timeout(33)
    start = time.perf_counter()
    idle(page)
    return page.evaluate("() => window.longest"), 1000 * (time.perf_counter() - start)


def kernel(server: int) -> psutil.Process:
    """The kernel that the page runs in."""
    return next(
        each
        for each in psutil.Process(server).children(recursive=True)
        if "ipykernel_launcher" in " ".join(each.cmdline())
    )


def report(times: Times, what: str = "slider") -> None:
    """A line for each: how many moves, then median and 95th percentile."""
    times = {name: taken for name, taken in times.items() if taken}
    print(f"{what:<16}{'moves':>6}{'first: median':>15}{'p95':>8}{'final: median':>15}{'p95':>8}")
    everything = [each for some in times.values() for each in some]
    for name, taken in [*times.items(), ("all", everything)]:
        first, final = np.array(taken).T
        numbers = [np.median(first), np.quantile(first, 0.95), np.median(final)]
        numbers.append(np.quantile(final, 0.95))
        shown = "".join(f"{n:>{w}.0f}" for n, w in zip(numbers, (15, 8, 15, 8), strict=True))
        print(f"{name:<16}{len(taken):>6}{shown}   ms")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", choices=list(CELLS), default="pocket")
    parser.add_argument("--moves", type=int, default=100)
    parser.add_argument("--cached", action="store_true", help="only move to what is computed")
    parser.add_argument("--leak", type=int, default=0, help="moves after which memory is compared")
    options = parser.parse_args()
    cell = CELLS[options.world]
    with ended_by_signals(), served(cell, "explorer") as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, PROGRAMS)), None),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        start = time.perf_counter()
        page.goto(site.address)
        page.locator(".hw-actions").wait_for(timeout=300_000)
        print(f"the page is there after {time.perf_counter() - start:.1f} s")
        page.locator(".hwkit-views canvas:not([hidden])").nth(1).wait_for(timeout=300_000)
        print(f"the first explanation after {time.perf_counter() - start:.1f} s")
        idle(page)
        print(f"all of it after {time.perf_counter() - start:.1f} s")
        page.evaluate(WATCH)
        rng = random.Random(0)
        if options.cached:
            process = kernel(site.process.pid)
            while process.cpu_percent(1) > 20:  # what is likely to be wanted is computed ahead
                pass
            report(back_and_forth(page, options.moves))
            return
        report(choices(page), "choice")
        moves(page, 8, rng)  # compiles what is compiled at the first use
        report(moves(page, options.moves, rng))
        longest, rest = drag(page)
        print(f"dragged: at most {longest:.0f} ms between frames, the rest took {rest:.0f} ms")
        if options.leak:
            process = kernel(site.process.pid)
            before = process.memory_info().rss
            moves(page, options.leak, rng, anew=False)
            grown = (process.memory_info().rss - before) / 2**20
            print(f"after {options.leak} further moves the kernel has grown by {grown:.1f} MiB")
        browser.close()


if __name__ == "__main__":
    main()
