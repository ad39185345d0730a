"""Where one story plays: a folder, and the terminals in it, which are closed whatever happens."""

import shutil
import tempfile
from pathlib import Path

from robot.terminal import Terminal


class Stage:
    def __init__(self, size, keep=False):
        self.size, self.keep = size, keep
        self.folder = Path(tempfile.mkdtemp(prefix="lastcall-story-", dir="/tmp"))
        self.terminals, self.strangers = [], []

    def terminal(self, name):
        terminal = Terminal(self.folder, name, self.size)
        self.terminals.append(terminal)
        return terminal

    def alice(self, *options):
        """The program with the sandbox, in a terminal."""
        alice = self.terminal("alice")
        alice.start("--sandbox", *options)
        return alice

    def carol(self, alice, register=True):
        """A second program: it registers with alice's sandbox, whose place her screen says until she is registered."""
        known = [terminal for terminal in self.terminals if terminal.name == "carol"]
        carol = known[0] if known else self.terminal("carol")
        file = self.folder / "carol.yaml"
        if alice.sandbox is None:
            alice.sandbox = alice.see(r"sandbox 127\.0\.0\.1:(\d+)")[1]
        file.write_text(
            "accounts:\n"
            "  - {name: carol, address: 'sip:carol@sandbox.test', password: carol-secret, "
            f"server: 'sip:127.0.0.1:{alice.sandbox}'}}\n"
        )
        file.chmod(0o600)
        carol.start("--config", str(file))
        if register:
            carol.press("r")
            carol.see("● registered")
        return carol

    def close(self):
        for one in self.terminals + self.strangers:
            one.close()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)
