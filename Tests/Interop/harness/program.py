"""The program under test: `lastcall --batch FILE --output jsonl`, its records and its exit code."""

import json
import os
import queue
import signal
import subprocess
import threading
import time
from pathlib import Path

from harness.check import Failure, check, check_equal

ROOT = Path(__file__).resolve().parents[3]
BATCH = Path(__file__).resolve().parent.parent / "batch"


def program_path():
    return os.environ.get("LASTCALL") or str(ROOT / ".build" / "debug" / "lastcall")


class Lastcall:
    """One run. Records are read as they are written, so that a case can act in the middle of the script."""

    def __init__(self, folder, script, *options, command=None, **variables):
        """`script` is a file, or the name of one in batch/ without its ending; `command` starts the program."""
        check(os.access(program_path(), os.X_OK), f"no program at {program_path()}: scripts/interop builds it")
        path = script if isinstance(script, Path) else BATCH / f"{script}.batch"
        self.errors = open(folder / "lastcall-stderr", "w+b")
        self.records, self.arrivals = [], queue.Queue()
        self.started = time.monotonic()
        self.ended = None
        self.process = subprocess.Popen(
            [*map(str, command or [program_path()]), *options, "--batch", str(path), "--output", "jsonl"],
            env=dict(os.environ, **{key: str(value) for key, value in variables.items()}), cwd=folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors, start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            try:
                self.arrivals.put((time.monotonic(), json.loads(line)))
            except ValueError:
                self.arrivals.put((time.monotonic(), {"type": "not JSON", "line": line.decode(errors="replace")}))
        self.arrivals.put((time.monotonic(), None))

    def _next(self, seconds):
        """The next record, or nothing at the end of the output."""
        try:
            when, record = self.arrivals.get(timeout=max(seconds, 0))
        except queue.Empty:
            raise Failure("the program wrote no further record in time") from None
        if record is None:
            return None
        check(record["type"] != "not JSON", f"a line of the output is not JSON: {record.get('line')!r}")
        self.records.append(record)
        record["arrived"] = when
        return record

    def wait_for(self, seconds=15, **fields):
        """The first record yet unread that has these fields."""
        end = time.monotonic() + seconds
        while True:
            record = self._next(end - time.monotonic())
            check(record is not None, f"the program ended before it wrote a record with {fields}")
            if all(record.get(key) == value for key, value in fields.items()):
                return record

    def finish(self, seconds=40):
        """Reads to the end and gives the exit code."""
        end = time.monotonic() + seconds
        while self._next(end - time.monotonic()) is not None:
            pass
        try:
            code = self.process.wait(timeout=max(end - time.monotonic(), 1))
        except subprocess.TimeoutExpired:
            raise Failure(f"the program was still there after {seconds} s") from None
        self.ended = time.monotonic()
        return code

    def expect_exit(self, code, seconds=40):
        actual = self.finish(seconds)
        check_equal(actual, code, "exit code")
        check(self.records and self.records[-1].get("type") == "end", "the last record is not of type end")
        check_equal(self.records[-1].get("exit"), code, "exit in the end record")

    # What the records say

    def all(self, kind, **fields):
        return [
            record for record in self.records
            if record.get("type") == kind and all(record.get(key) == value for key, value in fields.items())
        ]

    def shutdown_rows(self):
        """The `shutdown.usage` records; checks that every usage has one, of the phase of its kind."""
        rows = self.all("shutdown.usage")
        names = [row["usage"] for row in rows]
        check_equal(sorted(names), sorted(set(names)), "usages in the shutdown records")
        for row in rows:
            check_equal(row["phase"], PHASES[row["kind"]], f"phase of {row['usage']}")
        return rows

    def shutdown_row(self, kind):
        rows = [row for row in self.shutdown_rows() if row["kind"] == kind]
        check_equal(len(rows), 1, f"shutdown records of kind {kind}")
        return rows[0]

    def shutdown_seconds(self):
        """From the shutdown verb to its end, by the program's clock."""
        steps = self.all("step", verb="shutdown")
        check_equal(len(steps), 1, "step records of shutdown")
        return steps[0]["dur_ms"] / 1000

    def tail(self):
        """For the report of a failure."""
        self.errors.flush()
        self.errors.seek(0)
        records = [json.dumps({k: v for k, v in record.items() if k != "arrived"}) for record in self.records[-12:]]
        return records + self.errors.read().decode(errors="replace").splitlines()[-20:]

    def close(self):
        if self.process.poll() is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
        self.reader.join(timeout=2)
        self.errors.close()


PHASES = {
    "ServerInviteSession": 1,
    "ServerSubscription": 2,
    "ClientInviteSession": 3,
    "ClientSubscription": 4,
    "ClientPagerMessage": 5,
    "ClientPublication": 6,
    "ClientRegistration": 7,
}
