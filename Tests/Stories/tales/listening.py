"""Presence: who is there, and what others are told of us."""

from tales import story
from tales.calling import call


@story(weight=5)
def presence(stage):
    """Watch bob, see him take a call, tell carol how one is, and take that back."""
    alice = stage.alice()
    carol = stage.carol(alice)
    alice.press("r")
    alice.see("● registered")
    alice.press("s")
    alice.see(r"^ :subscribe presence$")
    alice.line("sip:bob@sandbox.test")
    alice.see(r"csub-1 bob@sandbox.test .*active")
    alice.press("B")
    alice.see(r"bob@sandbox.test +fresh")
    alice.check_frame()
    alice.back()

    # bob is on the phone with us.
    call(alice, "sip:bob@sandbox.test")
    alice.press("B")
    alice.see(r"bob@sandbox.test .*phone")
    alice.back()
    alice.press("3", "x")
    alice.see("calls 0")

    # What we publish is what carol sees.
    carol.command("subscribe presence sip:alice@sandbox.test")
    carol.see(r"csub-1 alice@sandbox.test .*active")
    alice.press("p")
    alice.see(r"^ :publish presence$")
    alice.line('"in a meeting"')
    alice.see(r"cpub-1 .*published")
    carol.press("B")
    carol.see(r"alice@sandbox.test .*in a meeting")
    carol.check_frame()
    alice.command("publish presence busy")
    carol.see(r"alice@sandbox.test .*busy")
    alice.press("6", "P")
    alice.gone(r"cpub-1 .*published")
    carol.gone(r"alice@sandbox.test .*busy")
    carol.back()
    carol.press("Q")
    carol.see(r"ClientSubscription .*ended")
    carol.expect_exit(0)
    alice.press("Q")
    alice.expect_exit(0)
