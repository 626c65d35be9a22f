"""Follows the opcodes of a pickle without running anything, and builds plain records.

``pickle`` itself imports and calls what a file names. Here nothing is imported and nothing is
called: the standard library's ``pickletools`` splits the file into opcodes (and compares every
length with what the file holds), and this machine does what the few opcodes of networks and arrays
mean on Python's own numbers, strings, lists, tuples and dictionaries. A name may only be a layer of
the toolbox or what numpy's arrays are pickled with (``names.py``); "calling" it makes a
:class:`Record` of the name and its arguments.

Memory stays within a small multiple of the file's size: the number of opcodes is limited, and no
opcode makes more than it carries.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from hwkit.networks.toolbox.names import LAYERS, NAMES, Name, PickleError, Record

MAX_OPCODES = 100_000  # the toolbox's networks have some 30 to 60 a layer

_MARK = object()  # stands on the stack where a group of items begins
_Operation = Callable[["_Machine", Any], None]
_OPERATIONS: dict[str, _Operation] = {}


def follow(data: bytes) -> Any:
    """What a pickle holds, of records and Python's own types.

    Raises:
        PickleError: a name or opcode that networks do not need, or a damaged file.
    """
    machine = _Machine()
    for name, argument, place in _opcodes(data):
        if name == "STOP":
            if place + 1 != len(data):
                raise PickleError(f"expected the end of the file at byte {place + 1}")
            return machine.pop()
        operation = _OPERATIONS.get(name)
        if operation is None:
            raise PickleError(
                f"asks for the operation {name} at byte {place}, which networks of the toolbox do "
                "not need"
            )
        operation(machine, argument)
    raise PickleError("ends before its end mark; it is cut off")


def _opcodes(data: bytes) -> Iterator[tuple[str, Any, int]]:
    try:
        for count, (opcode, argument, place) in enumerate(pickletools.genops(data)):
            if count == MAX_OPCODES:
                raise PickleError(f"holds more than {MAX_OPCODES} operations, as no network does")
            yield opcode.name, argument, place or 0
    except PickleError:
        raise
    except (ValueError, OverflowError) as error:
        raise PickleError(
            f"is no pickle, or one that is damaged or cut off ({str(error)[:120]})"
        ) from error


class _Machine:
    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def pop(self) -> Any:
        value = self.top()
        self.stack.pop()
        return value

    def top(self) -> Any:
        if not self.stack or self.stack[-1] is _MARK:
            _damaged("takes a value where there is none")
        return self.stack[-1]

    def since_mark(self) -> list[Any]:
        for start in range(len(self.stack) - 1, -1, -1):
            if self.stack[start] is _MARK:
                values = self.stack[start + 1 :]
                del self.stack[start:]
                return values
        _damaged("ends a group that was not begun")

    def last(self, kind: type) -> Any:
        """The topmost value, which has to be of this type."""
        value = self.top()
        if type(value) is not kind:
            _damaged(f"uses a {type(value).__name__} as a {kind.__name__}")
        return value


def _damaged(how: str) -> NoReturn:
    raise PickleError(f"is damaged: it {how}")


def _named(home: str, name: str) -> Name:
    if (home, name) not in NAMES:
        raise PickleError(
            f"asks for '{home[:60]}.{name[:60]}', but a network may hold only arrays of numpy and "
            f"the layers {', '.join(LAYERS)}. Nothing of it was run. Take the network as plain "
            "text (.txt)"
        )
    return Name(NAMES[home, name])


def _operation(*names: str) -> Callable[[_Operation], _Operation]:
    def register(operation: _Operation) -> _Operation:
        _OPERATIONS.update(dict.fromkeys(names, operation))
        return operation

    return register


@_operation("PROTO", "FRAME")
def _nothing(machine: _Machine, argument: Any) -> None:
    """The version and the framing say nothing about the value."""


@_operation(
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "FLOAT", "BINFLOAT"),
    *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE"),
    *("BINUNICODE8", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
)
def _literal(machine: _Machine, argument: Any) -> None:
    machine.push(argument)


_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "MARK": _MARK, "EMPTY_TUPLE": ()}


def _constant(value: Any) -> _Operation:
    return lambda machine, argument: machine.push(value)


_OPERATIONS.update({name: _constant(value) for name, value in _CONSTANTS.items()})


@_operation("EMPTY_LIST")
def _empty_list(machine: _Machine, argument: Any) -> None:
    machine.push([])


@_operation("EMPTY_DICT")
def _empty_dict(machine: _Machine, argument: Any) -> None:
    machine.push({})


@_operation("TUPLE")
def _tuple(machine: _Machine, argument: Any) -> None:
    machine.push(tuple(machine.since_mark()))


@_operation("LIST")
def _list(machine: _Machine, argument: Any) -> None:
    machine.push(machine.since_mark())


def _tuple_of(size: int) -> _Operation:
    def operation(machine: _Machine, argument: Any) -> None:
        machine.push(tuple(machine.pop() for _ in range(size))[::-1])

    return operation


_OPERATIONS.update({f"TUPLE{size}": _tuple_of(size) for size in (1, 2, 3)})


@_operation("DICT")
def _dict(machine: _Machine, argument: Any) -> None:
    items = machine.since_mark()
    machine.push({})
    _set_items(machine.last(dict), items)


@_operation("APPEND")
def _append(machine: _Machine, argument: Any) -> None:
    value = machine.pop()
    machine.last(list).append(value)


@_operation("APPENDS")
def _appends(machine: _Machine, argument: Any) -> None:
    values = machine.since_mark()
    machine.last(list).extend(values)


@_operation("SETITEM")
def _set_item(machine: _Machine, argument: Any) -> None:
    value, key = machine.pop(), machine.pop()
    _set_items(machine.last(dict), [key, value])


@_operation("SETITEMS")
def _set_several(machine: _Machine, argument: Any) -> None:
    items = machine.since_mark()
    _set_items(machine.last(dict), items)


def _set_items(target: dict[str, Any], items: list[Any]) -> None:
    # Strings only: the hash of deeply nested tuples would overflow the interpreter's stack.
    if len(items) % 2 or not all(type(key) is str for key in items[::2]):
        _damaged("names attributes by something else than strings")
    target.update(zip(items[::2], items[1::2], strict=True))


@_operation("PUT", "BINPUT", "LONG_BINPUT")
def _put(machine: _Machine, argument: Any) -> None:
    machine.memo[argument] = machine.top()


@_operation("MEMOIZE")
def _memoize(machine: _Machine, argument: Any) -> None:
    machine.memo[len(machine.memo)] = machine.top()


@_operation("GET", "BINGET", "LONG_BINGET")
def _get(machine: _Machine, argument: Any) -> None:
    if argument not in machine.memo:
        _damaged("recalls a value that it never stored")
    machine.push(machine.memo[argument])


@_operation("POP")
def _pop(machine: _Machine, argument: Any) -> None:
    machine.pop()


@_operation("POP_MARK")
def _pop_mark(machine: _Machine, argument: Any) -> None:
    machine.since_mark()


@_operation("GLOBAL")
def _global(machine: _Machine, argument: Any) -> None:
    home, _, name = str(argument).partition(" ")
    machine.push(_named(home, name))


@_operation("STACK_GLOBAL")
def _stack_global(machine: _Machine, argument: Any) -> None:
    name = machine.last(str)
    machine.pop()
    home = machine.last(str)
    machine.pop()
    machine.push(_named(home, name))


@_operation("REDUCE", "NEWOBJ")
def _reduce(machine: _Machine, argument: Any) -> None:
    arguments = machine.last(tuple)
    machine.pop()
    name = machine.last(Name).name
    machine.pop()
    if name == "_reconstructor" and arguments and type(arguments[0]) is Name:
        # Before protocol 2, copyreg makes an empty object of the class that comes first.
        name, arguments = arguments[0].name, ()
    machine.push(Record(name, arguments))


@_operation("OBJ")
def _object(machine: _Machine, argument: Any) -> None:
    items = machine.since_mark()
    if not items or type(items[0]) is not Name:
        _damaged("makes an object of no class")
    machine.push(Record(items[0].name, tuple(items[1:])))


@_operation("INST")
def _instance(machine: _Machine, argument: Any) -> None:
    home, _, name = str(argument).partition(" ")
    machine.push(Record(_named(home, name).name, tuple(machine.since_mark())))


@_operation("BUILD")
def _build(machine: _Machine, argument: Any) -> None:
    state = machine.pop()
    machine.last(Record).state = state
