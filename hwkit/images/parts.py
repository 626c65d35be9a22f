"""What there is to see: the classes, their parts, and which part hangs on which."""

from __future__ import annotations

CLASSES = (
    "starfish",
    "sports car",
    "convertible",
    "chainsaw",
    "bonnet",
    "park bench",
    "sloth bear",
    "pelican",
    "daisy",
    "power drill",
    "sombrero",
    "folding chair",
    "brown bear",
    "flamingo",
)

SURROUNDINGS = ("background", "clutter", "occluder")
"""What is not the object; everything else in PARTS is."""

_CAR = ("car body", "wheel", "headlight", "tail light", "windscreen", "seat")
_BEAR = ("bear body", "bear head", "bear ear", "muzzle", "bear legs", "claws")
_BIRD = ("bird body", "wing", "tail", "neck", "bird head", "bird legs")

PARTS_OF: dict[str, tuple[str, ...]] = {
    "starfish": ("arm", "disc"),
    "sports car": (*_CAR, "roof", "window", "spoiler"),
    "convertible": (*_CAR, "folded top"),
    "chainsaw": ("motor", "rear handle", "top handle", "guide bar", "chain"),
    "bonnet": ("crown", "lining", "brim", "straps", "bow"),
    "park bench": ("back slats", "seat slats", "bench legs", "armrest"),
    "sloth bear": (*_BEAR, "chest V"),
    "pelican": (*_BIRD, "bill", "pouch"),
    "daisy": ("petal", "flower centre", "stem", "leaf"),
    "power drill": ("drill body", "grip", "chuck", "bit", "battery", "trigger"),
    "sombrero": ("crown", "hat band", "brim", "straps"),
    "folding chair": ("chair back", "chair seat", "chair legs"),
    "brown bear": _BEAR,
    "flamingo": (*_BIRD, "hooked bill"),
}
"""The parts that a class can have; a picture may lack some (a folded top, say)."""

PARTS = SURROUNDINGS + tuple(dict.fromkeys(part for parts in PARTS_OF.values() for part in parts))
"""All part names; a part map holds indices into this tuple."""

FEET = (0.75, 0.5, 0.5, 0.45, 0.85, 0.7, 0.75, 0.75, 0.95, 0.75, 0.45, 0.9, 0.75, 0.92)
"""How far below its middle each class touches the ground, in half extents."""

ATTACHED: dict[str, tuple[str, ...]] = {
    "roof": ("window",),
    "bear head": ("bear ear", "muzzle"),
    "bear legs": ("claws",),
    "bear body": ("chest V",),
    "neck": ("bird head",),
    "bird head": ("bill", "pouch", "hooked bill"),
    "bill": ("pouch",),
    "guide bar": ("chain",),
    "chuck": ("bit",),
    "grip": ("battery", "trigger"),
    "straps": ("bow",),
    "stem": ("leaf",),
}
"""What a part takes along when it is taken away."""


def with_attached(names: frozenset[str]) -> frozenset[str]:
    """The named parts and everything that hangs on them, directly or not."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(ATTACHED.get(name, ()))
    return frozenset(found)
