"""Checks that fail with a sentence."""


class Failure(Exception):
    """A peer or the program did not do what the case says."""


def check(condition, sentence):
    if not condition:
        raise Failure(sentence)


def check_equal(actual, expected, what):
    check(actual == expected, f"{what}: {actual!r}, expected {expected!r}")


def check_between(value, low, high, what):
    check(low <= value <= high, f"{what}: {value:.3f}, expected {low:.3f} to {high:.3f}")
