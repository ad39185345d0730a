"""Calls with a SIPp that does one exact thing: late offers and CANCEL."""

from cases import case
from harness.check import check_equal


def call(stage, scenario, batch, *options, **variables):
    """Our program calls a SIPp user agent server; SIPp says whether it heard what the scenario wants."""
    peer = stage.sipp(scenario, *options)
    program = stage.lastcall(batch, PEER=f"sip:peer@127.0.0.1:{peer.port}", **variables)
    program.expect_exit(0)
    peer.finish()
    return peer, program


@case
def sipp_late_offer(stage):
    """We are called without an offer: ours is in the 200, the answer in the ACK (RFC 3264, RFC 6337)."""
    domain = stage.domain()
    program = stage.lastcall("be-called-once", SERVER=domain.server())
    program.wait_for(type="step", verb="register", status="ok")
    stage.sipp("uac-late-offer", domain.address(), "-s", "alice", "-key", "caller", "load").finish()
    program.expect_exit(0)


@case
def sipp_cancel(stage):
    """We give up while it rings: CANCEL, 487, ACK (RFC 3261 9)."""
    call(stage, "uas-no-answer", "call-and-cancel")


@case
def sipp_cancel_by_shutdown(stage):
    """The program leaves while it rings: the same, and the report is clean (shutdown.md W3)."""
    _, program = call(stage, "uas-no-answer", "call-and-leave")
    row = program.shutdown_row("ClientInviteSession")
    check_equal((row["result"], row["status"]), ("ended", 487), "end of the call")
