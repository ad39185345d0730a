"""The real peers, each driven through its shell script in peers/."""

import os
import re
import shlex
import subprocess
import time
from pathlib import Path

from harness.check import Failure

SCRIPTS = Path(__file__).resolve().parent.parent / "peers"


def exports(text):
    """The variables that a script printed for `eval`."""
    words = shlex.split(text)
    return dict(word.split("=", 1) for word in words if word != "export")


def run_script(name, *arguments, environment, check=True):
    done = subprocess.run(
        [SCRIPTS / name, *map(str, arguments)],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
        timeout=400, start_new_session=True,
    )
    if check and done.returncode != 0:
        raise Failure(f"{name} {arguments[0]}: exit {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
    return done


class Domain:
    """Kamailio with faults on demand: registrar, proxy and presence server of `sip.test`."""

    name = "sip.test"

    def __init__(self, folder, **settings):
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("SIPDOMAIN_")}
        self.environment.update(TMPDIR=str(folder), SIPDOMAIN_DIR=str(folder / "domain"), **settings)
        self.variables = exports(run_script("sipdomain", "start", environment=self.environment).stdout)
        self.environment.update(self.variables)

    def call(self, *arguments):
        return run_script("sipdomain", *arguments, environment=self.environment).stdout

    def server(self, transport="udp"):
        """The URI that makes the domain an account's outbound proxy."""
        suffix = "" if transport == "udp" else f";transport={transport}"
        return f"sip:{self.variables['SIPDOMAIN_HOST']}:{self.variables['SIPDOMAIN_PORT']}{suffix}"

    def address(self):
        return f"{self.variables['SIPDOMAIN_HOST']}:{self.variables['SIPDOMAIN_PORT']}"

    def bindings(self, user):
        """The contact addresses that the registrar holds for the user."""
        found, owner = [], None
        for line in self.call("contacts").splitlines():
            key, _, value = line.strip().partition(": ")
            if key == "AoR":
                owner = value
            elif key == "Address" and owner == user:
                found.append(value)
        return found

    def answers(self):
        return run_script("sipdomain", "status", environment=self.environment, check=False).returncode == 0

    def register(self, user, port):
        """Puts whoever listens at the port of 127.0.0.1 behind the domain, as the user."""
        run_script("sipp-peer", "register", user, port, environment=self.environment)

    def close(self):
        run_script("sipdomain", "stop", environment=self.environment, check=False)


class BenchPeer:
    """`lastcall-bench peer`: registrar, notifier and callee that says yes to everything."""

    def __init__(self):
        self.process = subprocess.Popen(
            [os.environ["LASTCALL_BENCH"], "peer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = self.process.stdout.readline().strip().rpartition(":")[2]

    def change(self, count, rate, watchers):
        """Tells so many changes, so many in a second, to the first so many watchers in turn, with the notes n1, n2 …"""
        self.process.stdin.write(f"change {count} {rate} {watchers}\n")
        self.process.stdin.flush()

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class SandboxAddress:
    """Stands in for a `Domain` where baresip registers with `lastcall --sandbox` instead."""

    def __init__(self, folder, port):
        home = folder / "sandbox"
        home.mkdir()
        self.environment = dict(
            os.environ, TMPDIR=str(folder), SIPDOMAIN_DIR=str(home), SIPDOMAIN_HOST="127.0.0.1",
            SIPDOMAIN_PORT=str(port), SIPDOMAIN_NAME="sandbox.test", SIPDOMAIN_CA="",
        )


class Baresip:
    """baresip without a sound card: it plays a tone of 440 Hz and records both directions."""

    frequency = 440

    def __init__(self, domain, name, **settings):
        self.name, self.environment = name, dict(domain.environment, **settings)
        self.folder = Path(domain.environment["SIPDOMAIN_DIR"]) / f"baresip-{name}"
        self.variables = exports(run_script("baresip-peer", "start", name, environment=self.environment).stdout)

    def command(self, *words):
        return run_script("baresip-peer", "cmd", self.name, *words, environment=self.environment).stdout

    def log(self):
        return (self.folder / "log").read_text(errors="replace").replace("\0", "")

    def wait_for(self, pattern, seconds):
        end = time.monotonic() + seconds
        while not re.search(pattern, self.log()):
            if time.monotonic() > end:
                raise Failure(f"baresip {self.name} did not say /{pattern}/ within {seconds} s")
            time.sleep(0.05)

    def recording(self, direction):
        """What it heard (`dec`) or said (`enc`) in its only call."""
        found = sorted(self.folder.glob(f"dump-*-{direction}.wav"))
        if len(found) != 1:
            raise Failure(f"baresip {self.name} made {len(found)} recordings ({direction}), expected 1")
        return found[0]

    def close(self):
        run_script("baresip-peer", "stop", self.name, environment=self.environment, check=False)


class Sipp:
    """One SIPp scenario in the background."""

    def __init__(self, folder, scenario, *options, **settings):
        self.environment = dict(os.environ, TMPDIR=str(folder), **settings)
        started = run_script("sipp-peer", "start", scenario, *options, environment=self.environment)
        self.variables = exports(started.stdout)
        self.scenario, self.folder = scenario, self.variables["SIPP_DIR"]

    @property
    def port(self):
        return int(self.variables["SIPP_PORT"])

    def finish(self, seconds=20):
        """Until it has had its calls; a failure says what SIPp missed."""
        status = run_script("sipp-peer", "wait", self.folder, seconds, environment=self.environment, check=False)
        if status.returncode != 0:
            errors = run_script("sipp-peer", "errors", self.folder, environment=self.environment, check=False)
            raise Failure(f"SIPp {self.scenario}: exit {status.returncode}: {errors.stdout.strip()[:600]}")

    def messages(self):
        return run_script("sipp-peer", "messages", self.folder, environment=self.environment).stdout

    def close(self):
        run_script("sipp-peer", "stop", self.folder, environment=self.environment, check=False)
