"""The program against SIPp, which keeps to the letter of its scenario."""

from cases import case
from harness.audio import seconds_of_tone, write_tone
from harness.check import check, check_equal


@case
def sipp_uas(stage):
    """We call: 180, 200, audio echoed, hold, resume, digits, BYE."""
    peer = stage.sipp("uas-answer", "-aa", "-rtp_echo")
    said, heard = stage.folder / "said.wav", stage.folder / "heard.wav"
    write_tone(said, 600, 10)
    program = stage.lastcall("call-peer", PEER=f"sip:peer@127.0.0.1:{peer.port}", DEVICE=f"file:{said},{heard}")
    program.expect_exit(0)
    peer.finish()
    check(seconds_of_tone(heard, 600) > 1, "the echo of our 600 Hz was not heard")
    said_by_us = peer.messages()
    check("a=sendonly" in said_by_us or "a=inactive" in said_by_us, "no re-INVITE put the call on hold")


@case
def sipp_uas_tcp(stage):
    """The same over TCP."""
    peer = stage.sipp("uas-answer", "-aa", "-rtp_echo", SIPP_TRANSPORT="t1")
    said, heard = stage.folder / "said.wav", stage.folder / "heard.wav"
    write_tone(said, 600, 10)
    target = f"sip:peer@127.0.0.1:{peer.port};transport=tcp"
    program = stage.lastcall("call-peer", PEER=target, DEVICE=f"file:{said},{heard}")
    program.expect_exit(0)
    peer.finish()


@case
def sipp_uac(stage):
    """We are called through the domain: answered and ended by the caller; given up by the caller; a message."""
    domain = stage.domain()
    program = stage.lastcall("be-called", SERVER=domain.server())
    program.wait_for(type="step", verb="register", status="ok")
    for scenario in ("uac-calls", "uac-cancel", "uac-message"):
        stage.sipp(scenario, domain.address(), "-s", "alice", "-key", "caller", "load").finish()
    program.expect_exit(0)
    received = program.all("event", event="msg.received")
    check_equal(len(received), 1, "messages received")
    check_equal(domain.bindings("alice"), [], "bindings of alice after the shutdown")
