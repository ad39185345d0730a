"""The program on a terminal of its own, as somebody at the keys has it, and the bytes that it writes there."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from harness.check import Failure
from harness.program import program_path

ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[()][0-9A-B]|[=>78])")


class Terminal:
    """Nothing is read behind the measurer's back: one thread types, reads and looks at the clock."""

    def __init__(self, folder, *options, columns=120, rows=40):
        self.master, slave = pty.openpty()
        self.resize(columns, rows)
        self.process = subprocess.Popen(
            [program_path(), *map(str, options)], stdin=slave, stdout=slave, stderr=slave, cwd=folder,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": str(folder)})
        os.close(slave)
        self.written = 0

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        keys = keys.encode()
        while keys:
            keys = keys[os.write(self.master, keys):]

    def read(self, seconds):
        """What is there, or comes within that time; nothing otherwise."""
        if not select.select([self.master], [], [], max(seconds, 0))[0]:
            return b""
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return b""
        self.written += len(data)
        return data

    def settle(self, silence=0.3, longest=60):
        """Reads until nothing has come for so long, and gives what came."""
        end, data = time.monotonic() + longest, b""
        while piece := self.read(silence):
            data += piece
            if time.monotonic() > end:
                raise Failure("the screen does not come to rest")
        return data

    def wait(self, seconds):
        """Reads for so long, whatever comes."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def wait_for(self, text, seconds=30):
        end, data = time.monotonic() + seconds, b""
        while text not in shown(data):
            if time.monotonic() > end or self.process.poll() is not None:
                raise Failure(f"“{text}” never came, but: {shown(data)[-400:]}")
            data += self.read(0.1)
        return data

    def redrawn(self, columns, rows):
        """The whole screen, in another size."""
        self.wait(0.1)
        self.resize(columns, rows)
        return shown(self.settle(0.2))

    def frame_time(self, act, pause=0.004):
        """Seconds from an act to the last byte of the frame that it leads to."""
        while self.read(0):
            pass
        began = time.perf_counter()
        act()
        if not self.read(5):
            raise Failure("the screen did not change")
        ended = time.perf_counter()
        while self.read(pause):
            ended = time.perf_counter()
        return ended - began

    def drawing_seconds(self):
        """Processor time, user and system, of the thread that draws, which is the first one."""
        return self._processor_seconds(self.process.pid)

    def processor_seconds(self):
        """Of all threads that there are now."""
        return sum(self._processor_seconds(task) for task in os.listdir(f"/proc/{self.process.pid}/task"))

    def _processor_seconds(self, task):
        with open(f"/proc/{self.process.pid}/task/{task}/schedstat") as file:
            return int(file.read().split()[0]) / 1e9

    def resident(self):
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def close(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.master)


def shown(data):
    """Without what moves the cursor and changes colours."""
    return ESCAPE.sub(b" ", data).decode(errors="replace")
