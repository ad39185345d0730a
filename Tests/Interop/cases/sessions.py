"""Calls with a SIPp that does one exact thing: reliable provisionals, late offers, holds, UPDATE, CANCEL,
redirection and transfer."""

from cases import case
from harness.check import check, check_equal


def call(stage, scenario, batch, *options, **variables):
    """Our program calls a SIPp user agent server; SIPp says whether it heard what the scenario wants."""
    peer = stage.sipp(scenario, *options)
    program = stage.lastcall(batch, PEER=f"sip:peer@127.0.0.1:{peer.port}", **variables)
    program.expect_exit(0)
    peer.finish()
    return peer, program


@case
def sipp_100rel(stage):
    """Two reliable provisionals, each acknowledged with PRACK; early media; then the call (RFC 3262)."""
    peer, program = call(stage, "uas-100rel", "call-briefly")
    check_equal(peer.messages().count("\nRAck: 70"), 2, "PRACKs with the numbers of the provisionals")
    check(program.all("event", event="call.early"), "the description in the 183 made no early media")


@case
def sipp_late_offer(stage):
    """We are called without an offer: ours is in the 200, the answer in the ACK (RFC 3264, RFC 6337)."""
    domain = stage.domain()
    program = stage.lastcall("be-called-once", SERVER=domain.server())
    program.wait_for(type="step", verb="register", status="ok")
    stage.sipp("uac-late-offer", domain.address(), "-s", "alice", "-key", "caller", "load").finish()
    program.expect_exit(0)


@case
def sipp_hold_update(stage):
    """The peer holds and resumes by re-INVITE and by UPDATE, asks for an offer, and hangs up (RFC 3261 14, RFC 3311)."""
    call(stage, "uas-hold-update", "call-until-ended")


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


@case
def sipp_redirect(stage):
    """302 with three contacts: the best is busy, the second answers, the last is left alone (RFC 3261 8.1.3.4)."""
    busy, target, spare = stage.sipp("uas-busy"), stage.sipp("uas-answer", "-aa"), stage.sipp("uas-busy")
    places = [f"peer@127.0.0.1:{place.port}" for place in (busy, target, spare)]
    first, second, last = places
    _, program = call(
        stage, "uas-redirect", "call-briefly", "-key", "first", first, "-key", "second", second, "-key", "last", last
    )
    busy.finish()
    target.finish()
    steps = [step["to"] for step in program.all("event", event="call.redirected")]
    check_equal(steps, [f"sip:{first}", f"sip:{second}"], "places we went on to")
    for place, peer in ((first, busy), (second, target)):
        check(f"INVITE sip:{place} SIP/2.0" in peer.messages(), f"the Request-URI is not the contact {place}")
    check("INVITE" not in spare.messages(), "the last contact was called though the second one had answered")


@case
def sipp_transferor(stage):
    """We ask the peer to call carol: REFER, 202, three reports, and the call is ended (RFC 3515)."""
    peer, _ = call(stage, "uas-transferee", "transfer-peer", TARGET="sip:carol@127.0.0.1:9")
    said = peer.messages()
    check("Refer-To: <sip:carol@127.0.0.1:9>" in said, "the REFER does not name carol")
    check_equal(said.count("\nEvent: refer"), 3, "reports of the peer")


@case
def sipp_transferee(stage):
    """The peer asks us to call another one: we do, and report until it answers (RFC 3515)."""
    target = stage.sipp("uas-answer", "-aa")
    peer, _ = call(stage, "uas-transferor", "be-transferred", "-key", "target", f"peer@127.0.0.1:{target.port}")
    target.finish()
    said = peer.messages()
    check("SIP/2.0 100 Trying" in said, "the first report does not say 100")
    check("terminated;reason=noresource" in said, "the last report does not end the subscription")
