"""Subscriptions and publications with a SIPp that keeps to the letter, forgets, or falls silent."""

from cases import case
from harness.check import check, check_between, check_equal


@case
def sipp_presence(stage):
    """Subscribe, two NOTIFYs, refresh, unsubscribe, final NOTIFY (RFC 6665)."""
    peer = stage.sipp("presence-server")
    program = stage.lastcall("watch", SERVER=f"sip:127.0.0.1:{peer.port}")
    program.expect_exit(0)
    peer.finish()
    row = program.shutdown_row("ClientSubscription")
    check_equal((row["result"], row["status"]), ("ended", 200), "end of the subscription")


@case
def sipp_presence_crashed(stage):
    """The presence server crashes: given up at the give-up time, and named (the case of 2004)."""
    peer = stage.sipp("presence-crashed")
    program = stage.lastcall("watch-and-leave", SERVER=f"sip:127.0.0.1:{peer.port}", GIVEUP="2s")
    program.expect_exit(7)
    check_between(program.shutdown_seconds(), 1.95, 2.1, "seconds of the shutdown")
    check_equal(program.shutdown_row("ClientSubscription")["result"], "abandoned", "end of the subscription")
    peer.finish()


@case
def sipp_presence_forgets_to_notify(stage):
    """The un-SUBSCRIBE is answered and no NOTIFY comes: ended after the grace, and said (shutdown.md W19)."""
    peer = stage.sipp("presence-forgets-to-notify")
    program = stage.lastcall("watch-and-leave", SERVER=f"sip:127.0.0.1:{peer.port}", GIVEUP="20s")
    program.expect_exit(7)
    check_between(program.shutdown_seconds(), 4.9, 5.3, "seconds of the shutdown: the grace for the last NOTIFY")
    row = program.shutdown_row("ClientSubscription")
    check_equal((row["result"], row.get("final_notify")), ("ended", False), "end of the subscription")
    peer.finish()


@case
def sipp_publish_412(stage):
    """The state compositor has lost our state: 412, then one whole PUBLISH without a condition (RFC 3903 4.4)."""
    peer = stage.sipp("publish-server-412", SIPP_CALLS="0")
    program = stage.lastcall("publish-twice", SERVER=f"sip:127.0.0.1:{peer.port}")
    program.expect_exit(0)
    check_equal(len(program.all("event", event="pub.conflict")), 1, "conflicts")
    said = peer.messages()
    check_equal(said.count("\nSIP/2.0 412"), 1, "answers 412: a loop")
    check("SIP-If-Match" in said, "the modification carried no condition")
