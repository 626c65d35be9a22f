"""Marks a submission: asks through a transport, compares with what only the judge knows.

Every question is drawn from the submission's seed and its own name, so that questions do not
depend on one another. All are asked once. A question that went wrong while a blank that it may use
was wrong as well is asked again, with the judge standing in for that blank.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.challenge import Case, Challenge, Reference, Response, Transport
from autograder.comparing import plain_text
from autograder.diagnosis import Outcome, outcome_of, verdict
from autograder.inside.codec import ProtocolError, encode
from autograder.responses import Recorded, checked, digest_of, from_plain, to_plain
from autograder.results import QuestionResult

# What references do at most during one call of an asking function.
MOST_CALLS = 2_000
MOST_BYTES = 64 * 2**20
# Each may have cost a whole time limit; further cases of the question are not tried.
_MOST_STOPS = 2
_NOT_TRIED = Response("stopped", detail="as it was stopped before, this was not tried")
# Of a challenge, index of a case and stand-ins: the response.
_Respond = Callable[[Challenge, int, Case, Mapping[str, str]], Response]


class NotRecordedError(LookupError):
    """A response is needed that was not recorded, or was given to other inputs."""


@dataclass(frozen=True)
class Judged:
    """The outcome of a submission.

    Attributes:
        results: a verdict for each question, in the order of the challenges.
        recorded: every response, as a message for ``codec.encode``; ``remark`` marks them again.
        stale: questions that need a new run, since their inputs have changed; they have no result.
    """

    results: list[QuestionResult]
    recorded: Mapping[str, Any] = field(default_factory=dict)
    stale: tuple[str, ...] = ()


def generator(seed: int, question: str) -> np.random.Generator:
    """The random numbers of a question: they depend on the seed and its name alone."""
    return np.random.default_rng([seed, zlib.crc32(question.encode())])


def judge(challenges: Sequence[Challenge], seed: int, transport: Transport) -> Judged:
    """Mark a submission.

    Args:
        challenges: of the assignment.
        seed: of the submission, 0 or more.
        transport: the way to its code.
    """
    records: list[Recorded] = []

    def respond(
        challenge: Challenge, index: int, case: Case, stand_ins: Mapping[str, str]
    ) -> Response:
        kept_back = set(challenge.stand_ins.values()) - set(stand_ins.values())
        offered = {k: each for k, each in case.references.items() if k not in kept_back}
        ask = case.ask or challenge.ask
        response = checked(transport.ask(ask, dict(case.inputs), dict(stand_ins), limited(offered)))
        digest = digest_of(ask, case.inputs, stand_ins)
        attempt = 2 if stand_ins else 1
        records.append(Recorded(challenge.question, index, attempt, digest, response))
        return response

    results, _ = _marked(challenges, seed, respond)
    return Judged(results, to_plain(records))


def nothing(challenges: Sequence[Challenge], seed: int, reason: str) -> Judged:
    """No points for any question: the submission cannot be run, for this reason."""
    results = []
    for challenge in challenges:
        cases = challenge.draw(generator(seed, challenge.question))
        without = verdict(challenge, [Outcome(case, Response("missing")) for case in cases])
        results.append(replace(without, status="failed", message=plain_text(reason)))
    return Judged(results, to_plain([]))


def remark(challenges: Sequence[Challenge], seed: int, recorded: Any) -> Judged:
    """Mark a submission again from its recorded responses; nothing of it runs.

    Raises:
        ValueError: no recorded responses.
    """
    known = {(each.question, each.case, each.attempt): each for each in from_plain(recorded)}

    def respond(
        challenge: Challenge, index: int, case: Case, stand_ins: Mapping[str, str]
    ) -> Response:
        found = known.get((challenge.question, index, 2 if stand_ins else 1))
        digest = digest_of(case.ask or challenge.ask, case.inputs, stand_ins)
        if found is None or found.digest != digest:
            raise NotRecordedError(challenge.question)
        return found.response

    results, stale = _marked(challenges, seed, respond)
    return Judged(results, recorded, stale)


def limited(references: Mapping[str, Reference]) -> dict[str, Reference]:
    """The references of one call, together limited in calls and bytes.

    They raise ``ValueError`` for whatever they do not take, and beyond the limits.
    """
    used = {"calls": 0, "bytes": 0}

    def spend(size: int) -> None:
        used["bytes"] += size
        if used["bytes"] > MOST_BYTES:
            raise ValueError(f"The judge answers up to {MOST_BYTES} bytes for one question.")

    def limit(name: str, reference: Reference) -> Reference:
        def call(**given: Any) -> Any:
            used["calls"] += 1
            if used["calls"] > MOST_CALLS:
                raise ValueError(f"The judge answers up to {MOST_CALLS} times for one question.")
            try:
                spend(len(encode(given)))
                with np.errstate(all="ignore"):  # its numbers may be of any size
                    answer = reference(**given)
                spend(len(encode(answer)))
            except (TypeError, ProtocolError) as error:
                raise ValueError(f"The judge's {name} does not take this: {error}") from None
            return answer

        return call

    return {name: limit(name, each) for name, each in references.items()}


def _marked(
    challenges: Sequence[Challenge], seed: int, respond: _Respond
) -> tuple[list[QuestionResult], tuple[str, ...]]:
    outcomes: dict[str, list[Outcome]] = {}
    for challenge in challenges:
        cases = challenge.draw(generator(seed, challenge.question))
        try:
            outcomes[challenge.question] = _first_try(challenge, cases, respond)
        except NotRecordedError:
            continue
    wrong: set[str] = set()
    unknown: set[str] = set()
    for challenge in challenges:
        if challenge.question not in outcomes:
            unknown.update(challenge.blanks)
        elif not _all_right(outcomes[challenge.question]):
            wrong.update(challenge.blanks)
    for challenge in challenges:
        found = outcomes.get(challenge.question)
        used = {k: name for k, name in challenge.stand_ins.items() if k in wrong}
        if found is None or _all_right(found) or not (used or unknown & set(challenge.stand_ins)):
            continue
        try:
            if unknown & set(challenge.stand_ins):
                raise NotRecordedError(challenge.question)
            outcomes[challenge.question] = _second_try(challenge, found, used, respond)
        except NotRecordedError:
            del outcomes[challenge.question]
    results = [
        verdict(each, outcomes[each.question]) for each in challenges if each.question in outcomes
    ]
    return results, tuple(each.question for each in challenges if each.question not in outcomes)


def _first_try(challenge: Challenge, cases: Sequence[Case], respond: _Respond) -> list[Outcome]:
    return _asked(challenge, enumerate(cases), {}, respond)


def _second_try(
    challenge: Challenge, before: Sequence[Outcome], stand_ins: Mapping[str, str], respond: _Respond
) -> list[Outcome]:
    """The cases that went wrong are asked again; a right answer counts whenever it came."""
    again = [(index, each.case) for index, each in enumerate(before) if not each.right]
    after = _asked(challenge, again, stand_ins, respond)
    merged = list(before)
    for (index, _), outcome in zip(again, after, strict=True):
        merged[index] = outcome
    return merged


def _asked(
    challenge: Challenge,
    cases: Iterable[tuple[int, Case]],
    stand_ins: Mapping[str, str],
    respond: _Respond,
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    stopped: list[str] = []
    for index, case in cases:
        if case.aspect in stopped or len(stopped) >= _MOST_STOPS:
            outcomes.append(Outcome(case, _NOT_TRIED))
            continue
        outcomes.append(outcome_of(case, respond(challenge, index, case, stand_ins)))
        if outcomes[-1].response.kind == "stopped":
            stopped.append(case.aspect)
    return outcomes


def _all_right(outcomes: Iterable[Outcome]) -> bool:
    return all(each.right for each in outcomes)
