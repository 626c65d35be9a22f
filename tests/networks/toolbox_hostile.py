"""Hostile pickles, each read under limits: `python toolbox_hostile.py FOLDER` prints what happened.

Runs as a process of its own, in an empty folder. Python's own pickle shows first that a pickle
works: it leaves the file "canary". Then hwkit reads it, under an audit hook that notes every
import, exec, opened file and started process.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import resource
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from toolbox_tools import as_objects, peak_megabytes, pictures_network, toolbox_classes

from hwkit.networks import toolbox

TOUCH = "touch canary"
PYTHON = "open('canary', 'w').close()"
MODULE = f"""
{PYTHON}
class Thing:
    def __setstate__(self, state):
        {PYTHON}
"""


class Call:
    """Pickles as the call of a function."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.reduced = function, arguments

    def __reduce__(self) -> Any:
        return self.reduced


def that_run_code(folder: Path) -> dict[str, bytes]:
    """Pickles of which Python's pickle runs the code."""
    (folder / "canary_module.py").write_text(MODULE)
    np.save(folder / "evil.npy", np.array([Call(os.system, TOUCH)], object), allow_pickle=True)
    calls = {
        "os.system": Call(os.system, TOUCH),
        "exec": Call(exec, PYTHON),
        "eval": Call(eval, PYTHON),
        "subprocess": Call(subprocess.check_call, ["touch", "canary"]),
        "importlib": Call(importlib.import_module, "canary_module"),
        "numpy.load": Call(np.load, "evil.npy", None, True),
        "open": Call(open, "canary", "w"),
        "pickle.loads": Call(pickle.loads, pickle.dumps(Call(os.system, TOUCH))),
        "object array": np.array([Call(os.system, TOUCH)], object),
        "in a list": [1, [2, {"a": Call(os.system, TOUCH)}]],
    }
    found = {
        f"{name}, protocol {protocol}": pickle.dumps(call, protocol)
        for name, call in calls.items()
        for protocol in (0, 2, 4, 5)
    }
    for attribute in ("X", "W", "lrp_var"):
        with toolbox_classes() as classes:
            network = as_objects(pictures_network(), classes)
            setattr(network.modules[0], attribute, Call(os.system, TOUCH))
            found[f"in a layer's {attribute}"] = pickle.dumps(network, 4)
    return found | {
        "an import": b"ccanary_module\nThing\n.",
        "a state": b"\x80\x02ccanary_module\nThing\n)\x81}U\x01aK\x01sb.",
        "INST": b"(S'touch canary'\nios\nsystem\n.",
        "OBJ": b"(cos\nsystem\nS'touch canary'\no.",
        "dotted name": b"\x80\x04\x8c\x06pickle\x8c\x07io.open\x93\x8c\x06canary\x8c\x01w\x86R.",
        "name of Python 2": b"c__builtin__\neval\n(S\"open('canary', 'w').close()\"\ntR.",
    }


def that_waste_memory() -> dict[str, bytes]:
    """Pickles that ask for what no file of their size holds. Only hwkit reads them."""
    array = (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01"
    )
    f8 = b"cnumpy\ndtype\nU\x02f8K\x00K\x01\x87R"
    network = b"\x80\x02cmodules.sequential\nSequential\n)\x81q\x00}U\x07modules]"
    linear = network + b"cmodules.linear\nLinear\n)\x81}"
    big = struct.pack("<q", 1 << 40)
    shape = b"J\x00\x00\x00\x20J\x00\x00\x00\x20\x86"
    weights = array[2:] + shape + f8 + b"\x89U\x04abcdtb"
    return {
        "a memo of 2**31 places": b"\x80\x02Nr\xff\xff\xff\x7f.",
        "a memo of 10**15 places": b"Np999999999999999\n.",
        "bytes of a terabyte": b"\x80\x04\x8e" + big + b"abc.",
        "a bytearray of a terabyte": b"\x80\x05\x96" + big + b"abc.",
        "text of a terabyte": b"\x80\x04\x8d" + big + b"abc.",
        "text of 4 GiB": b"\x80\x02X\xff\xff\xff\xffabc.",
        "bytes of negative length": b"\x80\x02T\xff\xff\xff\xffabc.",
        "a frame of a terabyte": b"\x80\x04\x95" + big + b"N.",
        "a long number": b"\x80\x02\x8b\xff\xff\xff\x7f\x01.",
        "a long decimal": b"L" + b"9" * 1_000_000 + b"L\n.",
        "a million lists": b"\x80\x02" + b"]" * 1_000_000 + b".",
        "lists in lists": b"\x80\x02" + b"]" * 40_000 + b"a" * 39_999 + b".",
        "a key of tuples in tuples": b"\x80\x02})" + b"\x85" * 90_000 + b"Ns.",
        "a network of tuples in tuples": linear + b"U\x01W)" + b"\x85" * 90_000 + b"sbasb.",
        "an array of 2**58 numbers": linear + b"U\x01W" + weights + b"sbasb.",
        "an array that is called": b"\x80\x02cnumpy\nndarray\nJ\xff\xff\xff\x7f\x85\x85R.",
        "a side of 2**63": linear
        + b"U\x01W"
        + weights.replace(shape, b"\x8a\x09" + b"\x00" * 7 + b"\x80\x00K\x01\x86")
        + b"sbasb.",
        "a type of 100 MB": linear
        + b"U\x01W"
        + weights.replace(b"U\x02f8", b"U\x0aV100000000")
        + b"sbasb.",
        "a type of types": linear
        + b"U\x01W"
        + weights.replace(b"U\x02f8", b"U\x08(9,9,9)O")
        + b"sbasb.",
        "one text, many arrays": many_arrays(),
        "a network in itself": network + b"h\x00asb.",
        "a list in itself": b"\x80\x02]q\x00h\x00a.",
        "a persistent name": b"Pcanary\n.",
        "an extension": b"\x80\x02\x82\x01.",
        "a buffer from elsewhere": b"\x80\x05\x97.",
        "nothing": b"",
        "only its end": b".",
        "a mark": b"(.",
        "values of no group": b"t.",
    }


def many_arrays() -> bytes:
    """One text of a megabyte that a thousand arrays decode."""
    text = b"\x80\x02X" + struct.pack("<I", 1 << 20) + b"a" * (1 << 20) + b"q\x000"
    shape = b"J\x00\x00\x02\x00K\x01\x86"  # 131072 x 1 numbers of 8 bytes
    decoded = b"c_codecs\nencode\nh\x00U\x06latin1\x86R"
    dtype = b"cnumpy\ndtype\nU\x02f8K\x00K\x01\x87R"
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01"
        + shape + dtype + b"\x89" + decoded + b"tb"
    )  # fmt: skip
    bias = array.replace(shape, b"K\x01\x85").replace(decoded, b"U\x08aaaaaaaa")
    sizes = b"U\x01mJ\x00\x00\x02\x00sU\x01nK\x01s"
    layer = (
        b"cmodules.linear\nLinear\n)\x81}" + sizes + b"U\x01W" + array + b"sU\x01B" + bias + b"sba"
    )
    return text + b"cmodules.sequential\nSequential\n)\x81}U\x07modules]" + layer * 1000 + b"sb."


def main() -> None:
    folder = Path(sys.argv[1])
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    canary = folder / "canary"
    working = that_run_code(folder)
    with toolbox_classes() as classes:
        good = as_objects(pictures_network(), classes)
        for protocol in (0, 2):  # imports the codecs that reading needs
            (folder / "net.nn").write_bytes(pickle.dumps(good, protocol))
            toolbox.read_modules(folder / "net.nn")

    seen: list[str] = []
    sys.addaudithook(lambda event, arguments: seen.append(event))
    results = []
    for name, data in (working | that_waste_memory()).items():
        result: dict[str, Any] = {"name": name, "works": None}
        if name in working:
            with toolbox_classes():
                run_by_pickle(data)
            result["works"] = canary.exists()
            canary.unlink(missing_ok=True)
            sys.modules.pop("canary_module", None)
        (folder / "net.nn").write_bytes(data)
        before = peak_megabytes()
        seen.clear()
        try:
            result["answer"] = repr(toolbox.read_modules("net.nn"))[:200]
        except Exception as error:
            result["answer"] = f"{type(error).__name__}: {error}"
        result["events"] = sorted(set(seen))
        result["ran"] = canary.exists()
        result["more megabytes"] = peak_megabytes() - before
        results.append(result)
    print(json.dumps(results))


def run_by_pickle(data: bytes) -> None:
    try:
        pickle.loads(data)
    except Exception as error:  # the code has run before pickle notices what is wrong
        print(f"pickle: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
