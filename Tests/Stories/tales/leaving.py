"""Leaving: with a presence server that is gone, and by force."""

from tales import story

FAULT = r"^ applied"


def with_everything(alice):
    """A registration, a subscription and a publication."""
    alice.press("r")
    alice.see("● registered")
    alice.command("subscribe presence sip:bob@sandbox.test as watch")
    alice.see(r"watch +bob@sandbox.test .*active")
    alice.command("publish presence open as me")
    alice.see(r"me +.*published")


@story(weight=8)
def crashed_presence_server_at_quit(stage):
    """The plan, the countdown, who is waited for, ten seconds more, skip it, skip its group; the registration ends."""
    alice = stage.alice()
    with_everything(alice)
    alice.command("fault crash presence")
    alice.see(FAULT)

    alice.command("shutdown plan giveup 4s")
    alice.see("3 usages would be told")
    alice.check_frame()
    alice.back()
    alice.command("shutdown graceful giveup 4s")
    left = float(alice.see(r"gives up in (\d+\.\d) s")[1])
    alice.check(left <= 4, f"it gives up in {left} s, not in 4")
    alice.see(r"waits: watch")
    alice.see(r"watch bob@sandbox.test waits for the answer to SUBSCRIBE with Expires 0")
    alice.see(r"sent ×[2-9], .*server silent")
    alice.check_frame()
    alice.press("+")
    alice.see(r"gives up in 1[0-4]\.\d s")
    alice.press("s")
    alice.see(r"waits: me")
    alice.press("n")
    # What was skipped is abandoned, the registration is gone in order, and the exit code says so.
    alice.see(r"ClientSubscription +watch +abandoned")
    alice.see(r"ClientPublication +me +abandoned")
    alice.see(r"ClientRegistration +alice +ended +200")
    alice.expect_exit(7)


@story(weight=8)
def force(stage):
    """A domain that answers nothing: Q waits, ! does not; Ctrl-C does the same in its own way; the next start knows."""
    alice = stage.alice()
    with_everything(alice)
    alice.command("fault silence")
    alice.see(FAULT)
    alice.press("Q")
    alice.see(r"gives up in \d")
    alice.see(r"! force now")
    alice.check_frame()
    alice.press("!")
    alice.see(r"ClientRegistration +alice +.*abandoned")
    alice.expect_exit(7)

    # A program whose registrar is another's: what it left there is offered to be removed.
    alice.start("--sandbox")
    carol = stage.carol(alice)
    alice.command("fault silence")
    alice.see(FAULT)
    carol.press("C-c")
    carol.see(r"Shutting down")
    carol.press("C-c")
    carol.see(r"The next start offers to remove what is still registered: reap")
    carol.expect_exit(130)
    alice.command("fault clear")
    alice.see(FAULT)
    stage.carol(alice, register=False)
    carol.see(r"an earlier run left carol registered; :reap removes that")
    carol.command("reap")
    carol.see(r"200|removed|bound any more")
    carol.check_frame()
    for one in (carol, alice):
        one.press("Q")
        one.expect_exit(0)
