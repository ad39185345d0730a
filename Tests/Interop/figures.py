#!/usr/bin/env python3
"""Measures from outside, for scripts/bench. Prints one line per figure: name, value, unit.

usage: figures.py NAME…

$LASTCALL and $LASTCALL_BENCH are the release programs, $LASTCALL_STRIPPED and $LASTCALL_BENCH_STRIPPED the same
without debugging information, which valgrind cannot read.
"""

import os
import re
import statistics
import subprocess
import sys
import time

import screens
from harness.check import Failure
from harness.interruption import watch
from harness.program import ROOT
from harness.stage import Stage

MESSAGES = sorted(str(path) for path in (ROOT / "scripts" / "bench-messages").glob("*.sip"))


def callgrind(output, program):
    return ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", program]


def instructions(text):
    """The total that callgrind wrote among its last lines."""
    found = re.search(r"Collected : (\d+)", text)
    if not found:
        raise Failure(f"callgrind counted nothing: {text.strip()[-400:]}")
    return int(found[1])


def cpu_seconds(command):
    """User time of one run."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failure(f"{' '.join(command[:4])} …: exit {process.returncode}")
    return usage.ru_utime


def parse_rate(_stage):
    """Messages that one core parses and reads in a second: the difference of a short run and a long one."""
    def run(times):
        return cpu_seconds([os.environ["LASTCALL_BENCH"], "parse", "read", str(times), *MESSAGES])

    few, many = 1_000, 400_000
    seconds = statistics.median(run(many) for _ in range(3)) - run(few)
    return round((many - few) * len(MESSAGES) / seconds), "messages/s"


def instructions_per_message(stage, manner):
    def run(times):
        command = callgrind(stage.folder / "parse.out", os.environ["LASTCALL_BENCH_STRIPPED"])
        done = subprocess.run(
            [*command, "parse", manner, str(times), *MESSAGES], capture_output=True, text=True, errors="replace")
        return instructions(done.stderr)

    few, many = 200, 2_200
    return round((run(many) - run(few)) / ((many - few) * len(MESSAGES))), "instructions"


def parse_instructions(stage):
    """Instructions to parse one message and read its core fields."""
    return instructions_per_message(stage, "read")


def reserialise_instructions(stage):
    """Instructions to parse one message, read its core fields and write it again."""
    return instructions_per_message(stage, "write")


def call_cpu_per_1000(stage):
    """Processor time, user and system, of a library program for a thousand answered calls, as fast as SIPp can call."""
    def run(calls):
        program = subprocess.Popen(
            [os.environ["LASTCALL_BENCH"], "answer", str(calls)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            address = program.stdout.readline().split()[-1]
            stage.sipp("uac-short-calls", address, "-s", "load", "-key", "caller", "load", "-r", "10000", "-l", "64",
                       SIPP_CALLS=str(calls)).finish(300)
            program.stdin.close()
            program.stdout.read()
            _, status, usage = os.wait4(program.pid, 0)
            program.returncode = os.waitstatus_to_exitcode(status)
        finally:
            program.kill()
        if program.returncode != 0:
            raise Failure(f"lastcall-bench answer: exit {program.returncode}")
        return usage.ru_utime + usage.ru_stime

    few, many = 100, 5_100
    seconds = statistics.median(run(many) for _ in range(3)) - run(few)
    return round(1000 * seconds / (many - few), 3), "s"


def resident(process):
    with open(f"/proc/{process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def memory(stage, load, count=10_000):
    """Resident octets for each of so many live usages, once their transactions have ended; the peer is another process
    and its growth, which is that of the other side, is given too."""
    peer = stage.bench_peer()
    before = resident(peer.process)
    client = subprocess.Popen(
        [os.environ["LASTCALL_BENCH"], "memory", load, str(count), peer.port], stdout=subprocess.PIPE, text=True)
    line = client.stdout.readline()
    other = (resident(peer.process) - before) // count
    if client.wait(120) != 0 or " each " not in line:
        raise Failure(f"lastcall-bench memory {load}: exit {client.returncode}")
    return int(line.split()[-1]), other


def memory_per_call(stage):
    """Of a call that stands: the larger of what the caller and the callee need."""
    return max(memory(stage, "calls")), "octets"


def memory_per_subscription(stage):
    """Of a subscription that is active, at the subscriber."""
    return memory(stage, "subscriptions")[0], "octets"


def memory_per_registration(stage):
    """Of a registration with an account of its own, at the user agent."""
    return memory(stage, "registrations")[0], "octets"


def call_instructions(stage):
    """Instructions of a library program for one answered call as UAS: sockets, stack, usages, SDP; no audio, no script."""
    def run(calls):
        command = callgrind(stage.folder / f"answer-{calls}.out", os.environ["LASTCALL_BENCH_STRIPPED"])
        program = subprocess.Popen(
            [*command, "answer", str(calls)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            address = program.stdout.readline().split()[-1]
            stage.sipp("uac-short-calls", address, "-s", "load", "-key", "caller", "load", "-l", "1",
                       SIPP_CALLS=str(calls)).finish(300)
            _, errors = program.communicate(timeout=120)
        finally:
            program.kill()
        if program.returncode != 0:
            raise Failure(f"lastcall-bench answer: exit {program.returncode}: {errors[-400:]}")
        return instructions(errors)

    few, many = 20, 220
    return round((run(many) - run(few)) / (many - few)), "instructions"


def program_call_instructions(stage):
    """The same of the whole program: audio thread, events, records as JSON and its three script lines included."""
    domain = stage.domain()

    def run(calls):
        script = stage.folder / f"answer-{calls}.batch"
        lines = [
            "set timeout 60s",
            f"account add alice sip:alice@sip.test server {domain.server()} password alice-secret",
            "register timeout 60s",
        ]
        one = ["expect call.incoming within 60s", "answer timeout 60s", "expect call.ended within 60s"]
        script.write_text("\n".join(lines + one * calls + ["shutdown graceful giveup 20s", ""]))
        command = callgrind(stage.folder / f"calls-{calls}.out", os.environ["LASTCALL_STRIPPED"])
        program = stage.lastcall(script, command=command)
        program.wait_for(60, type="step", verb="register", status="ok")
        user, host = re.fullmatch(r"sips?:([^@]+)@([^;>]+).*", domain.bindings("alice")[0]).groups()
        stage.sipp("uac-short-calls", host, "-s", user, "-key", "caller", "load", "-l", "1", SIPP_CALLS=str(calls)).finish(300)
        program.expect_exit(0, 120)
        return instructions("\n".join(program.tail()))

    few, many = 20, 120
    return round((run(many) - run(few)) / (many - few)), "instructions"


def quit_port_closed(stage):
    """From the shutdown verb to the end of the process, when the server was killed before."""
    def run():
        domain = stage.domain()
        program = stage.lastcall("interrupted", SERVER=domain.server(), GIVEUP="5s", PAUSE="1500ms")
        program.wait_for(type="step", verb="publish", status="ok")
        domain.call("crash")
        slept = program.wait_for(type="step", verb="sleep", status="ok")
        program.expect_exit(7)
        domain.close()
        return program.ended - slept["arrived"]

    return round(statistics.median(run() for _ in range(3)), 3), "s"


def start_to_ready(stage):
    """From the start of the process to its end, with an empty script."""
    script = stage.folder / "empty.batch"
    script.write_text("")

    def run():
        started = time.perf_counter()
        subprocess.run(
            [os.environ["LASTCALL"], "--batch", str(script)], check=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - started

    return round(1000 * statistics.median(run() for _ in range(31)), 1), "ms"


FIGURES = {
    function.__name__: function
    for function in (
        parse_rate, parse_instructions, reserialise_instructions, call_instructions, program_call_instructions,
        call_cpu_per_1000, memory_per_call, memory_per_subscription, memory_per_registration, quit_port_closed,
        start_to_ready)
} | screens.FIGURES


def main(names):
    unknown = [name for name in names if name not in FIGURES]
    if unknown or not names:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    watch()
    failed = False
    for name in names:
        stage = Stage()
        try:
            print(name, *FIGURES[name](stage), flush=True)
        except (Failure, OSError, subprocess.SubprocessError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed = True
        finally:
            stage.close()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
