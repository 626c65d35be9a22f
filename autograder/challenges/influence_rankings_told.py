"""What typical mistakes in ranking neurons are called."""

from __future__ import annotations

from autograder.challenge import Mistake

_SORT = "np.argsort sorts from the smallest to the largest."
_FIRST = "First one number for each channel, then the order of these numbers."
_AXES = "Channels are on the last axis."
_BOTH = (
    Mistake("ascending", "the order is turned: you return the least influential channels.", _SORT),
    Mistake(
        "least influential of the right ones first",
        "these are the right channels, but the most influential of them comes last.",
        _SORT,
    ),
    Mistake(
        "sorted by index",
        "these are the right channels, but sorted by their index.",
        "The most influential comes first.",
    ),
    Mistake("one too many", "one channel too many is returned: k are asked for."),
    Mistake("one too few", "one channel too few is returned: k are asked for."),
    Mistake("first one skipped", "the most influential channel is skipped.", "Indices start at 0."),
    Mistake("counted from one", "channels are counted from 1; indices start at 0."),
    Mistake(
        "values instead of indices",
        "these are not whole numbers: channel indices are asked for, not their influences.",
        "np.argsort gives indices, np.sort gives values.",
    ),
    Mistake("channels first", "the first axis of the map is ranked, not the channels.", _AXES),
)
_INSTANCE = (
    Mistake(
        "mean",
        "you rank by the mean of the map; here a channel ranks by the MAX of its map.",
        _FIRST,
    ),
    Mistake(
        "minimum",
        "you rank by the minimum of the map; here a channel ranks by the MAX of its map.",
        _FIRST,
    ),
    Mistake(
        "most negative",
        "these are the most negative channels; the most positive are asked for.",
        _SORT,
    ),
    Mistake(
        "absolute maximum",
        "an absolute value is taken: influence has a sign, and positive is asked for.",
        _FIRST,
    ),
    Mistake(
        "mean of absolute values",
        "you rank by the mean of absolute values; here a channel ranks by the MAX of its map.",
        _FIRST,
    ),
    Mistake(
        "spread", "you rank by the spread of the map; here a channel ranks by its MAX.", _FIRST
    ),
    Mistake("corner", "only one place of the map counts; the MAX over the whole map is asked for."),
    Mistake(
        "positive part",
        "you add up the positive part of the map; here a channel ranks by its MAX.",
        _FIRST,
    ),
    Mistake("columns", "the second axis of the map is ranked, not the channels.", _AXES),
    Mistake(
        "flattened",
        "all numbers of the map are ranked together, not the channels.",
        _FIRST,
    ),
)
_SET = (
    Mistake(
        "max of mean map",
        "the maps are averaged over the instances before the maximum is taken.",
        "First every instance gives each channel its maximum.",
    ),
    Mistake(
        "mean",
        "you rank by the mean of the maps; here every instance gives a channel its MAX.",
        _FIRST,
    ),
    Mistake(
        "max over instances",
        "a maximum is taken over the instances as well; their maxima are averaged.",
        _FIRST,
    ),
    Mistake(
        "most negative",
        "these are the most negative channels; the most positive are asked for.",
        _SORT,
    ),
    Mistake(
        "absolute maximum",
        "an absolute value is taken: influence has a sign, and positive is asked for.",
        _FIRST,
    ),
    Mistake("median", "you take the median over the instances; the mean is asked for."),
    Mistake("min over instances", "you take the minimum over the instances, not their mean."),
    Mistake("first instance", "only the first instance counts; the mean over all is asked for."),
    Mistake("last instance", "only the last instance counts; the mean over all is asked for."),
)
_CLASS = (Mistake("instances ranked", "the instances are ranked, not the channels.", _AXES),)
_QUESTION = (
    Mistake(
        "difference term forgotten",
        "the difference term is missing where it is asked for.",
        "explain(instances, ignore_difference_term=False) keeps it.",
    ),
    Mistake("least influential", "this is the least influential channel.", _SORT),
    Mistake("second", "this is the second channel of the ranking.", "Indices start at 0."),
    Mistake("counted from one", "channels are counted from 1; indices start at 0."),
    Mistake("list of one", "this is a list of one index; the index itself is asked for."),
    Mistake(
        "values instead of indices",
        "this is the channel's influence; its index is asked for.",
        "np.argmax gives the index, np.max the value.",
    ),
)

INSTANCE = {each.name: each for each in (*_BOTH, *_INSTANCE)}
CLASS = {each.name: each for each in (*_BOTH, *_SET, *_CLASS)}
QUESTION = {each.name: each for each in (*_SET, *_QUESTION)}
