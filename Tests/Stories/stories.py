#!/usr/bin/env python3
"""A robot uses the program as its user does: keys into a terminal, and what the screen shows. Needs tmux.

usage: stories.py [--list] [--keep] [--jobs N] [NAME…]     NAME: a part of a story's name, as `transfer`

The program is $LASTCALL, or .build/debug/lastcall. --keep leaves the folders. Several stories play at a time.
"""

import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

from robot.stage import Stage
from robot.terminal import Failure
from tales import ALL

SIZES = ((120, 30), (80, 24))


def play(story, size, keep):
    """True if it went as it should; says why not, with the screens as they are."""
    started, stage = time.monotonic(), Stage(size, keep)
    title = f"{story.__name__.replace('_', ' ')}, {size[0]}x{size[1]}"
    try:
        story(stage)
        print(f"good  {title}  {time.monotonic() - started:.1f} s", flush=True)
        return True
    except Exception as error:
        reason = str(error) if isinstance(error, Failure) else traceback.format_exc().strip()
        lines = [f"BAD   {title}  {time.monotonic() - started:.1f} s", f"      {reason}"]
        for terminal in stage.terminals:
            lines.append(f"      the screen of {terminal.name}:")
            try:
                lines += [f"      | {line}" for line in terminal.screen()]
            except Failure as gone:
                lines.append(f"      {gone}")
        print("\n".join(lines), flush=True)
        return False
    finally:
        stage.close()


def main(arguments):
    options = [word for word in arguments if word.startswith("-")]
    jobs = 4
    if "--jobs" in options:
        at = arguments.index("--jobs")
        jobs, arguments = int(arguments[at + 1]), arguments[:at] + arguments[at + 2 :]
    wanted = [word for word in arguments if not word.startswith("-")]
    if set(options) - {"--list", "--keep", "--jobs"}:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    stories = [story for story in ALL if not wanted or any(word in story.__name__ for word in wanted)]
    if not stories:
        print(f"stories: none is named like {' or '.join(wanted)}; --list shows all", file=sys.stderr)
        return 2
    if "--list" in options:
        for story in stories:
            print(f"{story.__name__:32} {story.__doc__.strip().splitlines()[0]}")
        return 0
    started = time.monotonic()
    # The longest ones first, so that no one is left to play alone at the end.
    plays = [(story, size) for story in sorted(stories, key=lambda one: -one.weight) for size in story.sizes or SIZES]
    with ThreadPoolExecutor(jobs) as pool:
        passed = list(pool.map(lambda play_: play(*play_, "--keep" in options), plays))
    print(f"{sum(passed)} stories passed, {len(passed) - sum(passed)} failed, in {time.monotonic() - started:.0f} s")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
