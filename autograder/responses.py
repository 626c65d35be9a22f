"""Responses from a box: checked on arrival, and stored so that they can be marked again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from autograder.challenge import Kind, Response
from autograder.comparing import plain_text
from autograder.inside.codec import Bounds, ProtocolError, decode, encode

# Bytes of an answer; right answers have some thousand.
LARGEST_ANSWER = 2**20
# Less deep than a message may be, so that a message can hold answers.
_ANSWER = Bounds(frame=LARGEST_ANSWER, text=2**16, arrays=32, depth=6)


@dataclass(frozen=True)
class Recorded:
    """A response and what it was given to.

    Attributes:
        question: name of the question.
        case: index of the case.
        attempt: 1, or 2 for one with stand-ins.
        digest: sha256 of what was asked; a response to other inputs says nothing.
        response: as it was checked.
    """

    question: str
    case: int
    attempt: int
    digest: str
    response: Response


def checked(response: Response) -> Response:
    """A response of plain values of bounded size, or a malformed one."""
    if response.kind not in get_args(Kind):
        return Response("malformed", detail="a response of no known kind")
    if response.kind != "answer":
        return Response(response.kind, detail=plain_text(response.detail))
    try:
        frame = encode(response.value)
        if len(frame) > LARGEST_ANSWER:
            raise ProtocolError(f"an answer of {len(frame)} bytes; at most {LARGEST_ANSWER}")
        return Response("answer", decode(frame, _ANSWER))
    except ProtocolError as error:
        return Response("malformed", detail=plain_text(str(error)))


def digest_of(ask: str, inputs: Mapping[str, Any], stand_ins: Mapping[str, str]) -> str:
    """A fingerprint of what is asked."""
    return hashlib.sha256(encode([ask, dict(inputs), sorted(stand_ins)])).hexdigest()


def to_plain(records: Iterable[Recorded]) -> dict[str, Any]:
    """The records as a message that ``codec.encode`` takes."""
    return {
        "responses": [
            {
                "question": each.question,
                "case": each.case,
                "attempt": each.attempt,
                "digest": each.digest,
                "kind": each.response.kind,
                "value": each.response.value,
                "detail": each.response.detail,
            }
            for each in records
        ]
    }


def from_plain(message: Any) -> list[Recorded]:
    """The records that ``to_plain`` made this of.

    Raises:
        ValueError: it was made by something else.
    """
    try:
        return [
            Recorded(
                str(each["question"]),
                int(each["case"]),
                int(each["attempt"]),
                str(each["digest"]),
                checked(Response(each["kind"], each["value"], each["detail"])),
            )
            for each in message["responses"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            "Expected recorded responses as hwkit grade stores them. Received: "
            f"something else ({type(error).__name__}). Grade the submission again."
        ) from None
