#!/usr/bin/env python3
"""Runs `lastcall` against real peers. Ends only what it started, also when it is interrupted.

usage: interop.py [--list] [--keep] [NAME…]     NAME: a part of a case's name, as `kamailio`

The program is $LASTCALL, or .build/debug/lastcall. --keep leaves the folder of each case.
"""

import sys
import time
import traceback

from cases import ALL
from harness.check import Failure
from harness.interruption import Interrupted, watch
from harness.stage import Stage


def run(name, function, keep):
    """True if the case passed; says why not, and what was last heard."""
    started, stage = time.monotonic(), Stage(keep)
    try:
        function(stage)
        print(f"good  {name}  {time.monotonic() - started:.1f} s", flush=True)
        return True
    except Exception as error:
        reason = str(error) if isinstance(error, Failure) else traceback.format_exc().strip()
        print(f"BAD   {name}  {time.monotonic() - started:.1f} s\n      {reason}", flush=True)
        for program in stage.programs:
            for line in program.tail():
                print(f"      | {line}", flush=True)
        return False
    finally:
        stage.close()


def main(arguments):
    options = {word for word in arguments if word.startswith("-")}
    wanted = [word for word in arguments if not word.startswith("-")]
    if options - {"--list", "--keep"}:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    names = [name for name in ALL if not wanted or name in wanted or any(w in name for w in wanted if w not in ALL)]
    if not names:
        print(f"interop: no case is named like {' or '.join(wanted)}; --list shows all", file=sys.stderr)
        return 2
    if "--list" in options:
        for name in names:
            print(f"{name:48} {(ALL[name].__doc__ or '').strip().splitlines()[0]}")
        return 0
    watch()
    try:
        passed = sum(run(name, ALL[name], "--keep" in options) for name in names)
    except Interrupted as error:
        print(f"interop: interrupted by {error}", file=sys.stderr)
        return 130
    print(f"{passed} passed, {len(names) - passed} failed")
    return 0 if passed == len(names) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
