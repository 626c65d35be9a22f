"""How soon the explorer answers: `python benchmarks/explorer.py [--world vgg16] [--cached]`.

Sliders are moved by keyboard in a real browser (Chromium, without a window). A time runs from the
browser's input event to the frame in which the picture that follows from it is painted. "first" is
the first picture that differs, which may be a preview from fewer points; "final" is the last one.

The world "vgg16" here is the full-size network with random weights, on pictures drawn at 224
pixels.
"""

from __future__ import annotations

import argparse
import random
import time

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
# Slider, the gallery that follows from it, and the steps of its keyboard that are tried.
SLIDERS = {
    "neurons shown": "What the top neurons see where they matter for the question",
    "blur (pixels)": "The picture, and what in it matters",
    "threshold": "The picture, and what in it matters",
    "points": "The picture, and what in it matters",
}
# Notes when a key goes down, and when the gallery's pictures have changed and are painted.
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
    document.addEventListener("keydown", () => { window.begun = performance.now(); }, true);
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


def move(page: Page, slider: str, key: str) -> tuple[float, float] | None:
    """Milliseconds to the first and to the final picture of one move; None if none changed."""
    idle(page)
    handle = page.locator(".widget-slider", has_text=slider).get_by_role("slider")
    page.evaluate("(watched) => window.arm(watched)", SLIDERS[slider])
    handle.press(key)
    page.wait_for_timeout(30)
    idle(page)
    paints = page.evaluate("() => window.paints")
    return None if not paints else (paints[0][0], paints[-1][0])


def moves(page: Page, count: int, rng: random.Random) -> dict[str, list[tuple[float, float]]]:
    """The times of many moves, by slider; keys go up more often than down, within the range."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in SLIDERS}
    place = dict.fromkeys(SLIDERS, 0)
    for number in range(count):
        slider = list(SLIDERS)[number % len(SLIDERS)]
        up = place[slider] <= 0 or (place[slider] < 5 and rng.random() < 0.6)
        place[slider] += 1 if up else -1
        taken = move(page, slider, "ArrowRight" if up else "ArrowLeft")
        if taken is not None:
            times[slider].append(taken)
    return times


def back_and_forth(page: Page, count: int) -> dict[str, list[tuple[float, float]]]:
    """The times of moves between two places of a slider, all of them computed before."""
    times: dict[str, list[tuple[float, float]]] = {}
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


def report(times: dict[str, list[tuple[float, float]]]) -> None:
    """A line a slider: how many moves, then median and 95th percentile."""
    print(
        f"{'slider':<16}{'moves':>6}{'first: median':>15}{'p95':>8}{'final: median':>15}{'p95':>8}"
    )
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
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
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
        moves(page, 8, rng)  # compiles what is compiled at the first use
        report(moves(page, options.moves, rng))
        longest, rest = drag(page)
        print(f"dragged: at most {longest:.0f} ms between frames, the rest took {rest:.0f} ms")
        if options.leak:
            process = kernel(site.process.pid)
            before = process.memory_info().rss
            moves(page, options.leak, rng)
            grown = (process.memory_info().rss - before) / 2**20
            print(f"after {options.leak} further moves the kernel has grown by {grown:.1f} MiB")
        browser.close()


if __name__ == "__main__":
    main()
