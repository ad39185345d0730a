"""Are the peers themselves in order on this machine? These cases do not run the program."""

import time

from cases import case
from harness.audio import seconds_of_tone, share_of_tone, write_tone
from harness.check import check, check_between, check_equal


@case
def peers_tone_detector(stage):
    """A tone is found where it is, and nowhere else."""
    path = stage.folder / "tone.wav"
    write_tone(path, 600, 2)
    check_between(seconds_of_tone(path, 600), 1.95, 2.0, "seconds of 600 Hz in a tone of 600 Hz")
    check_equal(seconds_of_tone(path, 440), 0, "seconds of 440 Hz in a tone of 600 Hz")
    check_equal(share_of_tone([0] * 400, 440, 8000), 0, "share of tone in silence")


@case
def peers_baresip_calls_baresip(stage):
    """Registration, a call through the proxy, and the tone of each in what the other recorded."""
    domain = stage.domain()
    said = stage.folder / "said.wav"
    write_tone(said, 600, 10, rate=48000)
    alice = stage.baresip(domain, "alice", BARESIP_SOURCE=f"aufile,{said}", BARESIP_SOURCE_CHANNELS="1")
    bob = stage.baresip(domain, "bob")
    for user in ("alice", "bob"):
        check_equal(len(domain.bindings(user)), 1, f"bindings of {user}")
    alice.command("dial", "sip:bob@sip.test")
    alice.wait_for("Call established", 5)
    time.sleep(2)
    alice.command("hangup")
    bob.wait_for("packets:", 5)
    check(seconds_of_tone(alice.recording("dec"), 440) > 1, "alice did not hear bob's 440 Hz")
    check(seconds_of_tone(bob.recording("dec"), 600) > 1, "bob did not hear alice's 600 Hz")
    alice.close()
    check_equal(domain.bindings("alice"), [], "bindings of alice after she left")


@case
def peers_domain_faults(stage):
    """The domain crashes, comes back on the same ports, and can refuse a method."""
    domain = stage.domain()
    sipp = stage.sipp("uas-answer", SIPP_CALLS="0")
    caller = ("uac-short-calls", domain.address(), "-s", "dave", "-key", "caller", "load")
    domain.register("dave", sipp.port)
    stage.sipp(*caller).finish()
    domain.call("crash")
    check(not domain.answers(), "the domain answers after its crash")
    domain.call("start")
    check(domain.answers(), "the domain does not answer after its restart")
    check_equal(domain.bindings("dave"), [], "bindings of dave after the restart")
    domain.register("dave", sipp.port)
    domain.call("fault", "INVITE", 403)
    refused = stage.sipp("uac-calls", *caller[1:])
    refused.finish()
    check("403 Fault Injected" in refused.messages(), "the fault was not injected")


@case
def peers_message(stage):
    """SIPp sends a message, SIPp receives it."""
    receiver = stage.sipp("uas-message")
    stage.sipp("uac-message", f"127.0.0.1:{receiver.port}", "-s", "peer", "-key", "caller", "load").finish()
    receiver.finish()
