"""The program as a user of a Kamailio domain: what works, and what happens when the domain fails."""

import time

from cases import case
from harness.audio import seconds_of_tone, write_tone
from harness.check import check, check_between, check_equal
from harness.program import ROOT

EXAMPLES = ROOT / "scripts" / "examples"


def ended_with_200(program, kind):
    row = program.shutdown_row(kind)
    check_equal((row["result"], row["status"]), ("ended", 200), f"end of the {kind}")


def abandoned(program, kind):
    check_equal(program.shutdown_row(kind)["result"], "abandoned", f"end of the {kind}")


def presence(stage, transport):
    domain = stage.domain()
    program = stage.lastcall("presence", SERVER=domain.server(transport))
    program.wait_for(type="step", verb="register", status="ok")
    check_equal(len(domain.bindings("alice")), 1, "bindings of alice while registered")
    program.expect_exit(0)
    kinds = [row["kind"] for row in program.shutdown_rows()]
    check_equal(kinds, ["ClientSubscription", "ClientPublication", "ClientRegistration"], "order of the shutdown")
    for kind in kinds:
        ended_with_200(program, kind)
    check_equal(domain.bindings("alice"), [], "bindings of alice after the shutdown")


@case
def kamailio_presence_udp(stage):
    """Digest, REGISTER, PUBLISH, SUBSCRIBE and the NOTIFY that tells it; then all undone in order."""
    presence(stage, "udp")


@case
def kamailio_presence_tcp(stage):
    """The same over one TCP connection."""
    presence(stage, "tcp")


def example(stage, domain, name):
    """A script of scripts/examples, which speaks of users by their names alone, with alice of this domain."""
    script = stage.folder / f"{name}.batch"
    script.write_text(
        "account add alice sip:alice@sip.test server ${env:SERVER} password alice-secret\n"
        f"source {EXAMPLES / name}.batch\n", encoding="utf-8")
    return stage.lastcall(script, SERVER=domain.server())


@case
def kamailio_example_scripts(stage):
    """The examples that watch a registrar and a presence server do so here as in the sandbox."""
    domain = stage.domain()
    for name in ("minutely", "presence-smoke"):
        program = example(stage, domain, name)
        program.expect_exit(0)
        check(program.all("step", verb="assert", status="ok"), f"{name} asserts nothing")
        check_equal(domain.bindings("alice"), [], f"bindings of alice after {name}")


@case
def kamailio_register_presence_call_message_clean(stage):
    """Everything at once, with a tone both ways and a message both ways; nothing is left behind."""
    domain = stage.domain()
    bob = stage.baresip(domain, "bob", BARESIP_CONTACTS='"Alice" <sip:alice@sip.test>')
    said, heard = stage.folder / "said.wav", stage.folder / "heard.wav"
    write_tone(said, 600, 10)
    program = stage.lastcall("everything", SERVER=domain.server(), DEVICE=f"file:{said},{heard}")
    program.wait_for(type="step", verb="message", status="ok")
    bob.command("message", "see", "you", "soon")
    program.expect_exit(0)
    check(seconds_of_tone(bob.recording("dec"), 600) > 1.5, "bob did not hear our 600 Hz")
    check(seconds_of_tone(heard, bob.frequency) > 1.5, "we did not hear bob's 440 Hz")
    check("I shall be late, grüße" in bob.log(), "bob did not get the message")
    check_equal(domain.bindings("alice"), [], "bindings of alice after the shutdown")
    for kind in ("ClientSubscription", "ClientPublication", "ClientRegistration"):
        ended_with_200(program, kind)


def interrupted(stage, event, giveup, transport="udp"):
    """Does `event` to the domain when registration, subscription and publication are up, and runs to the end."""
    domain = stage.domain()
    program = stage.lastcall("interrupted", SERVER=domain.server(transport), GIVEUP=giveup, PAUSE="1500ms")
    program.wait_for(type="step", verb="publish", status="ok")
    event(domain)
    program.wait_for(type="step", verb="sleep", status="ok")
    program.expect_exit(7)
    return domain, program


def wall_seconds(program):
    """From the step before the shutdown to the end of the process."""
    return program.ended - program.all("step", verb="sleep")[0]["arrived"]


@case
def kamailio_killed(stage):
    """Its port is closed: nobody waits for an answer that cannot come."""
    _, program = interrupted(stage, lambda domain: domain.call("crash"), giveup="5s")
    check_between(program.shutdown_seconds(), 0, 1, "seconds of the shutdown")
    check_between(wall_seconds(program), 0, 1.3, "seconds until the process was gone")
    for kind in ("ClientSubscription", "ClientPublication", "ClientRegistration"):
        abandoned(program, kind)


@case
def kamailio_killed_tcp(stage):
    """The same with a connection that breaks."""
    _, program = interrupted(stage, lambda domain: domain.call("crash"), giveup="5s", transport="tcp")
    check_between(program.shutdown_seconds(), 0, 1, "seconds of the shutdown")
    for kind in ("ClientSubscription", "ClientPublication", "ClientRegistration"):
        abandoned(program, kind)


@case
def kamailio_frozen(stage):
    """It accepts and says nothing: given up at the give-up time, not later."""
    _, program = interrupted(stage, lambda domain: domain.call("freeze"), giveup="2s")
    check_between(program.shutdown_seconds(), 1.95, 2.1, "seconds of the shutdown")
    check_between(wall_seconds(program), 1.95, 2.4, "seconds until the process was gone")
    for kind in ("ClientSubscription", "ClientPublication", "ClientRegistration"):
        abandoned(program, kind)


@case
def kamailio_frozen_and_thawed_in_mid_dialog(stage):
    """It stands still for three seconds in the middle of a call: the re-INVITE, the PUBLISH and the end come through."""
    domain = stage.domain()
    stage.baresip(domain, "bob")
    program = stage.lastcall("through-a-freeze", SERVER=domain.server())
    program.wait_for(type="step", verb="expect", status="ok")
    domain.call("freeze")
    time.sleep(3)
    domain.call("thaw")
    program.expect_exit(0)
    hold = program.all("step", verb="hold")[0]
    check_between(hold["dur_ms"] / 1000, 1, 6, "seconds until the hold was answered")
    for kind in ("ClientSubscription", "ClientPublication", "ClientRegistration"):
        ended_with_200(program, kind)
    check_equal(domain.bindings("alice"), [], "bindings of alice after the shutdown")


@case
def presence_silent_registrar_alive(stage):
    """The 2004 case: the presence server is dead, the un-REGISTER is answered all the same."""

    def silence_presence(domain):
        domain.call("fault", "SUBSCRIBE", 0)
        domain.call("fault", "PUBLISH", 0)

    domain, program = interrupted(stage, silence_presence, giveup="4s")
    check_between(program.shutdown_seconds(), 0, 4.1, "seconds of the shutdown")
    abandoned(program, "ClientSubscription")
    abandoned(program, "ClientPublication")
    ended_with_200(program, "ClientRegistration")
    check_equal(domain.bindings("alice"), [], "bindings of alice after the shutdown")


@case
def kamailio_restarted(stage):
    """It has forgotten everything, and says so: 481 and 412 mean that nothing is left to end."""

    def restart(domain):
        domain.call("crash")
        domain.call("start")

    domain = stage.domain()
    program = stage.lastcall("interrupted", SERVER=domain.server(), GIVEUP="5s", PAUSE="3s")
    program.wait_for(type="step", verb="publish", status="ok")
    restart(domain)
    program.expect_exit(0)
    for kind in ("ClientSubscription", "ClientPublication", "ClientRegistration"):
        check_equal(program.shutdown_row(kind)["result"], "ended", f"end of the {kind}")
    check_equal(domain.bindings("alice"), [], "bindings of alice after the shutdown")
