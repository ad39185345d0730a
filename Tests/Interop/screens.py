"""The figures of the terminal: the release program on a pseudo-terminal, with usages that are really live at a peer of
`lastcall-bench`. Whoever measures sits at the other end: types, and looks at when which bytes come."""

import json
import random
import statistics
import time

from harness.check import Failure, check, check_equal

LIVE = 10_000
# Frames are thirty to the second at most; nothing for longer than that, and the screen has come to rest.
FRAME = 0.035


def crowd(stage, count, *options, register=False, **size):
    """A program with so many live subscriptions to presence, made at its prompt."""
    peer = stage.bench_peer()
    terminal = stage.terminal(*options, **size)
    terminal.wait_for("No account yet")
    terminal.type(f":account add me sip:me@127.0.0.1:{peer.port}\r")
    terminal.wait_for("me ○")
    if register:
        terminal.type(":register\r")
        until(terminal, "me ● registered", **size)
    for number in range(count):
        terminal.type(f":subscribe presence sip:p{number}@127.0.0.1:{peer.port}\r")
        while terminal.read(0):
            pass
    until(terminal, f"subs {count} ", **size)
    return peer, terminal


def until(terminal, text, columns=120, rows=40):
    """Looks at the whole screen, again and again, for of what was there only what changes is written."""
    for attempt in range(120):
        screen = terminal.redrawn(columns + 1 - attempt % 2, rows)
        if text in screen:
            return
        terminal.wait(0.5)
    raise Failure(f"“{text}” never came: {screen[:200]}")


def key_to_screen_p99(stage):
    """From a key to the last byte of the frame that it leads to: walking, paging and jumping through 10,000 rows, typing
    at the prompt, finding and filtering, opening the details of a usage. Esc is pressed, too, but not counted: the
    terminal library waits 25 ms for what may follow it."""
    _, terminal = crowd(stage, LIVE)
    times = []

    def press(*keys):
        for key in keys:
            # At no fixed distance, so that no clock of the program's is hit or missed always.
            terminal.wait(random.uniform(FRAME, 2 * FRAME))
            times.append(1000 * terminal.frame_time(lambda key=key: terminal.type(key)))

    def escape():
        for _ in range(2):
            terminal.type("\x1b")
            terminal.wait(0.15)

    down, up, page_down, page_up, home, end = "j", "k", "\x1b[6~", "\x1b[5~", "\x1bOH", "\x1bOF"
    for _ in range(4):
        press("4", *[down] * 12, *[page_down] * 8, *[up] * 6, end, *[page_up] * 8, *[up] * 6, *[down] * 4, home)
        press("4", "\r")
        escape()
        press(*":subscribe presence sip:p")
        escape()
        press("/", *"p98", "\r", "n", "n", "N")
        escape()
        press("\\", *"p77", "\r")
        terminal.type("7")
        press("1", "4", *[down] * 3)
        escape()
    times.sort()
    median = statistics.median(times)
    return round(times[int(0.99 * len(times))], 1), "ms", f"(median {median:.1f} of {len(times)} keys)"


def idle_terminal_bytes(stage):
    """Bytes in ten seconds with 10,000 live usages on a screen that shows no countdown and no age, where nothing can
    change: all groups are closed, and beside them stands the overview. (A row with its countdown is a change each second:
    those digits are written, and nothing else.)"""
    _, terminal = crowd(stage, LIVE)
    terminal.type("4\x1bOD")
    terminal.settle(7)
    written = terminal.written
    terminal.wait(10)
    return round((terminal.written - written) / 10), "bytes/s"


def idle_cpu(stage):
    """Processor time of all threads, user and system, over a minute, of a program with a registration and ten
    subscriptions on its screen, their countdowns running."""
    _, terminal = crowd(stage, 10, register=True)
    terminal.wait(40)
    began, before = time.monotonic(), terminal.processor_seconds()
    terminal.wait(60)
    return round(100 * (terminal.processor_seconds() - before) / (time.monotonic() - began), 2), "% of a core"


def full_redraw(stage):
    """Processor time of the thread that draws, user and system, for a whole frame at 200×60 with 10,000 live usages: the
    window gets another size, so that the view, the comparison and every cell are made and written anew."""
    _, terminal = crowd(stage, LIVE, columns=200, rows=60)
    terminal.redrawn(199, 60)
    times = []
    for number in range(101):
        terminal.settle(FRAME)
        before = terminal.drawing_seconds()
        terminal.frame_time(lambda number=number: terminal.resize(200 + number % 2, 60), pause=FRAME / 2)
        times.append(1000 * (terminal.drawing_seconds() - before))
    return round(statistics.median(times), 2), "ms"


def screen_rate(stage, count=5_000, rate=1_000, watched=50):
    """The most frames in any second while the presence of fifty whose rows are on the screen changes 1,000 times a second,
    among 10,000 live usages. What is written without a pause of two milliseconds is one frame. Nothing may be lost: the
    last state of all that changed is shown in the end, and the log has every change."""
    log = stage.folder / "log.jsonl"
    peer, terminal = crowd(stage, LIVE, "--log", log, columns=120, rows=70)
    terminal.type("4")
    terminal.settle(0.3)
    peer.change(count, rate, watched)
    began, frames, last = time.monotonic(), [], 0.0
    # The countdowns on the screen go on afterwards, so that it does not come to rest by itself.
    while (now := time.monotonic()) < began + count / rate + 1.5:
        if terminal.read(0.1):
            now = time.monotonic()
            if now - last > 0.002:
                frames.append(now)
            last = now
    most = max(sum(1 for other in frames if frame <= other < frame + 1) for frame in frames)
    for attempt in range(5):
        screen = terminal.redrawn(122 + attempt % 2, 70)
        missing = [f"n{number}" for number in range(count - watched + 1, count + 1) if f"● n{number} " not in screen]
        if not missing:
            break
    else:
        raise Failure(f"{len(missing)} last states are not shown, such as {missing[0]}")
    notified = [record for record in map(json.loads, log.read_text().splitlines()) if record.get("event") == "sub.notify"]
    check_equal(len(notified), LIVE + count, "NOTIFYs in the log")
    return most, "frames/s", f"({len(frames)} frames for {count} changes)"


FIGURES = {
    function.__name__: function
    for function in (key_to_screen_p99, idle_terminal_bytes, idle_cpu, full_redraw, screen_rate)
}
