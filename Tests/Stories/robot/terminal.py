"""A terminal as its user has it: keys in, a screen out. It is a tmux of its own, so that nothing else is touched."""

import os
import re
import subprocess
import time
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 20  # seconds; what takes longer has failed. Generous, because a busy machine is no fault of the program.

# What a terminal is in, besides its text. A program that has gone leaves all of it as it was.
FLAGS = (
    "alternate_on", "cursor_flag", "insert_flag", "keypad_cursor_flag", "keypad_flag", "mouse_any_flag",
    "origin_flag", "wrap_flag", "pane_title",
)


class Failure(Exception):
    """The screen does not show what the story says."""


def program_path():
    return os.environ.get("LASTCALL") or str(ROOT / ".build" / "debug" / "lastcall")


def width(text):
    """Columns of a line of text: wide characters take two, combining ones none."""
    def columns(character):
        if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
            return 0
        return 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return sum(map(columns, text))


def is_session_alive(leader):
    """Whether any process is left of what a terminal was opened for."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # It has just ended.
        if fields[3] == leader and fields[0] != "Z":
            return True
    return False


class Terminal:
    def __init__(self, folder, name, size):
        self.folder, self.name, self.size = folder, name, size
        self.socket = str(folder / f"{name}.tmux")
        self.modes = folder / f"{name}.modes"
        home = folder / name
        home.mkdir(parents=True, exist_ok=True)
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(home), "XDG_STATE_HOME": str(home / "state"),
            "XDG_CONFIG_HOME": str(home / "config"), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "SHELL": "/bin/sh",
            "PS1": "$ ", "HISTFILE": "", "SWIFT_BACKTRACE": "enable=no",
        }
        environment |= {key: os.environ[key] for key in os.environ if key.endswith("SAN_OPTIONS")}
        columns, rows = size
        # What is not said here comes from the user's own configuration, which is no part of the story.
        self._tmux(
            "-f", "/dev/null", "-u", "new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(home),
            "env", "-i", *(f"{key}={value}" for key, value in environment.items()), "TERM=tmux-256color",
            "bash", "--norc", "--noprofile", environment=environment,
        )
        self._tmux("set-option", "-g", "window-size", "manual")
        self.see(r"^\$ *$")
        self.before = self.flags()

    def _tmux(self, *words, environment=None, text=None):
        done = subprocess.run(
            ["tmux", "-S", self.socket, *words], input=text, capture_output=True, text=True, timeout=30,
            env=environment and dict(environment, TERM="xterm-256color"),
        )
        if done.returncode != 0:
            raise Failure(f"tmux {words[0]}: {done.stderr.strip()}")
        return done.stdout

    def close(self):
        """The window is closed. Who still runs in it leaves in order, and is waited for."""
        asked = subprocess.run(
            ["tmux", "-S", self.socket, "display-message", "-p", "#{pane_pid}"], capture_output=True, text=True)
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], capture_output=True)
        end = time.monotonic() + PATIENCE
        while asked.returncode == 0 and is_session_alive(asked.stdout.strip()) and time.monotonic() < end:
            time.sleep(0.03)

    # Keys

    def press(self, *keys):
        """Keys by their names in tmux: `Enter`, `C-c`, `x`."""
        self._tmux("send-keys", "--", *keys)

    def type(self, text):
        self._tmux("send-keys", "-l", "--", text)

    def line(self, text):
        self.type(text)
        self.press("Enter")

    def command(self, text):
        """A line of the prompt."""
        self.press(":")
        self.see(r"^ :$")
        self.line(text)
        self.gone(r"^ :")

    def back(self):
        """To the list of usages. The next key has to wait for that: right behind Esc it would be one with Alt."""
        self.press("Escape")
        self.see(r"^ \? keys  : command|  \? keys  : command")

    def paste(self, text):
        """As fast as a terminal takes it."""
        self._tmux("load-buffer", "-", text=text)
        self._tmux("paste-buffer", "-r", "-d")

    def resize(self, columns, rows):
        self.size = (columns, rows)
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    # The screen

    def screen(self):
        return self._tmux("capture-pane", "-p").split("\n")[: self.size[1]]

    def flags(self):
        return self._tmux("display-message", "-p", " ".join(f"{flag}=#{{{flag}}}" for flag in FLAGS)).strip()

    def until(self, condition, sentence, seconds=PATIENCE):
        """What `condition` makes of the screen, as soon as it is something; never a pause that was guessed."""
        end = time.monotonic() + seconds
        while True:
            screen = self.screen()
            found = condition(screen)
            if found:
                return found
            if time.monotonic() > end:
                raise Failure(f"{self.name} at {self.size[0]}x{self.size[1]}: {sentence}")
            time.sleep(0.03)

    def see(self, pattern, seconds=PATIENCE):
        """The match of a pattern on the screen, once it is there."""
        found = re.compile(pattern, re.MULTILINE)
        return self.until(lambda screen: found.search("\n".join(screen)), f"/{pattern}/ is not on the screen", seconds)

    def gone(self, pattern, seconds=PATIENCE):
        found = re.compile(pattern, re.MULTILINE)
        self.until(lambda screen: not found.search("\n".join(screen)), f"/{pattern}/ is still on the screen", seconds)

    def check(self, condition, sentence):
        if not condition:
            raise Failure(f"{self.name} at {self.size[0]}x{self.size[1]}: {sentence}")

    def check_frame(self):
        """Every box closes where it should, nothing is too wide, nothing that is no text stands there."""
        columns = self.size[0]
        ends = {"┌": "┐", "├": "┤", "│": "│", "└": "┘"}

        def is_whole(screen):
            for line in screen:
                closed = line[:1] not in ends or (line[-1] in (ends[line[0]], "│") and width(line) == columns)
                if not closed or width(line) > columns:
                    return False
            return True

        self.until(is_whole, "a line of the frame does not end where it should")
        for line in self.screen():
            for character in line:
                kind = unicodedata.category(character)
                self.check(kind not in ("Cc", "Cf", "Zl", "Zp"), f"U+{ord(character):04X} is on the screen")

    # The program

    def start(self, *options):
        """Starts the program and waits for its screen. Its modes are remembered, to be compared at its end."""
        self.line(f"clear; stty -g > {self.modes}; clear; {program_path()} {' '.join(options)}; echo \"exit code $?\"")
        self.see(r"^ lastcall │")
        self.sandbox = None

    def expect_exit(self, code, seconds=PATIENCE):
        """The program is gone, with this code, and the terminal is as it was."""
        found = int(self.see(r"^exit code (\d+)", seconds)[1])
        self.check(found == code, f"the exit code is {found}, not {code}")
        self.line(f"[ \"$(stty -g)\" = \"$(cat {self.modes})\" ] && echo modes are as they were || stty -a")
        self.see(r"^modes are as they were|^speed ")
        self.check(
            any(line.startswith("modes are as they were") for line in self.screen()), "the modes were not restored")
        after = self.flags()
        self.check(after == self.before, f"the terminal was not restored: {after}, it was {self.before}")
