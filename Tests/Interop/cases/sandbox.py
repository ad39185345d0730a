"""The sandbox domain: our own program on it, and a phone from outside."""

import time

from cases import case
from harness.audio import seconds_of_tone
from harness.check import check, check_between, check_equal
from harness.program import ROOT
from harness.stage import free_port

EXAMPLES = ROOT / "scripts" / "examples"


@case
def sandbox_tour(stage):
    """The tour of the examples, with received audio asserted in it, ends clean."""
    program = stage.lastcall(EXAMPLES / "tour.batch", "--sandbox")
    program.expect_exit(0)
    check(program.all("step", verb="assert", status="ok"), "the tour asserts nothing")
    check(program.shutdown_rows(), "the tour leaves nothing for the shutdown to end")


@case
def sandbox_crashed_presence(stage):
    """The presence server crashes before the shutdown: given up in time, and un-REGISTER answered."""
    program = stage.lastcall(EXAMPLES / "crashed-presence.batch", "--sandbox")
    program.expect_exit(7)
    check_between(program.shutdown_seconds(), 0, 4.05, "seconds of the shutdown")
    row = program.shutdown_row("ClientRegistration")
    check_equal((row["result"], row["status"]), ("ended", 200), "end of the ClientRegistration")
    check_equal(program.shutdown_row("ClientSubscription")["result"], "abandoned", "end of the ClientSubscription")


@case
def baresip_to_sandbox(stage):
    """baresip registers with the sandbox, calls echo and hears its own tone."""
    port = free_port()
    program = stage.lastcall("stay", "--sandbox", "--sandbox-port", str(port), PAUSE="10s")
    program.wait_for(type="start")
    carol = stage.baresip(stage.sandbox_at(port), "carol")
    carol.command("dial", "sip:echo@sandbox.test")
    carol.wait_for("Call established", 5)
    time.sleep(2)
    carol.command("hangup")
    carol.wait_for("packets:", 5)
    check(seconds_of_tone(carol.recording("dec"), carol.frequency) > 1, "carol did not hear her own 440 Hz")
    carol.close()
    program.expect_exit(0)
