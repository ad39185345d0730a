"""Where one case plays: a folder of its own, and everything started there, ended in reverse order."""

import random
import shutil
import socket
import sys
import tempfile
from pathlib import Path

from harness.interruption import deferred
from harness.peers import Baresip, BenchPeer, Domain, SandboxAddress, Sipp
from harness.program import Lastcall
from harness.terminal import Terminal


class Stage:
    def __init__(self, keep=False):
        self.folder = Path(tempfile.mkdtemp(prefix="lastcall-interop."))
        self.keep, self.started = keep, []

    def _begin(self, actor, *arguments, **settings):
        with deferred():
            self.started.append(actor(*arguments, **settings))
        return self.started[-1]

    def domain(self, **settings):
        return self._begin(Domain, self.folder, **settings)

    def sandbox_at(self, port):
        return SandboxAddress(self.folder, port)

    def baresip(self, domain, name, **settings):
        return self._begin(Baresip, domain, name, **settings)

    def sipp(self, scenario, *options, **settings):
        return self._begin(Sipp, self.folder, scenario, *options, **settings)

    def lastcall(self, script, *options, command=None, **variables):
        return self._begin(Lastcall, self.folder, script, *options, command=command, **variables)

    def bench_peer(self):
        return self._begin(BenchPeer)

    def terminal(self, *options, **size):
        return self._begin(Terminal, self.folder, *options, **size)

    @property
    def programs(self):
        return [actor for actor in self.started if isinstance(actor, Lastcall)]

    def close(self):
        """Goes on when one of them does not end as it should: the others must be ended too."""
        for actor in reversed(self.started):
            try:
                actor.close()
            except Exception as error:
                print(f"      ending {type(actor).__name__}: {error}", file=sys.stderr)
        if self.keep:
            print(f"      kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


def free_port():
    """A port that is free now for UDP and TCP, below the range that the system gives out by itself."""
    for _ in range(200):
        port = random.randrange(20000, 32000)
        try:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", port))
            return port
        except OSError:
            continue
    raise OSError("no free port")
