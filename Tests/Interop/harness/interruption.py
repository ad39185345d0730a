"""Signals that ask for the end. While something is being started they wait, so that it can be ended afterwards."""

import contextlib
import signal

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Not an Exception, so that no case takes it for its own."""


_waiting, _depth = [], 0


def _arrived(number, _frame):
    _waiting.append(number)
    _raise_if_free()


def _raise_if_free():
    if _waiting and _depth == 0:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise Interrupted(signal.Signals(_waiting[0]).name)


def watch():
    for number in SIGNALS:
        signal.signal(number, _arrived)


@contextlib.contextmanager
def deferred():
    global _depth
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
    _raise_if_free()
