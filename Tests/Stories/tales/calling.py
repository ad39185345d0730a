"""Calls: the first one, one that is missed, one that is passed on, one during which the window changes its size."""

import re

from tales import story


def packets(terminal):
    """Received and sent, as the row of the call says them."""
    found = terminal.see(r"connected +↓(\d+) ↑(\d+)")
    return int(found[1]), int(found[2])


def expect_audio(terminal):
    """Packets come and go, and become more."""
    heard, said = packets(terminal)

    def grows(screen):
        found = re.search(r"connected +↓(\d+) ↑(\d+)", "\n".join(screen))
        return found and int(found[1]) > heard and int(found[2]) > said
    terminal.until(grows, "the packets of the call do not become more")


def call(terminal, peer, name="cis-1"):
    terminal.press("c")
    terminal.see(r"^ :call$")
    terminal.line(peer)
    terminal.see(rf"{name} +{peer.removeprefix('sip:')} .*connected")


@story(weight=5)
def first_call(stage):
    """Register, call the echo, hold, resume, digits, hang up, look at the history and at the ladder, leave."""
    alice = stage.alice()
    alice.see("not registered")
    alice.check_frame()
    alice.press("r")
    alice.see("● registered 59:5")

    # The prompt completes whom one can call.
    alice.press("c")
    alice.see("sip:bob@sandbox.test  sip:echo@sandbox.test")
    alice.press("Tab")
    alice.see(r"^ :call sip:$")
    alice.press("e", "Tab", "Enter")
    alice.see(r"▶ cis-1 +echo@sandbox.test .*connected")
    expect_audio(alice)
    alice.check_frame()

    alice.press("H")
    alice.see(r"cis-1 .* held ")
    alice.press("U")
    expect_audio(alice)
    alice.press("d")
    alice.see(r"0-9 \* # send")
    alice.press("4", "2", "#")
    alice.see(r"42#")
    alice.press("Escape")
    alice.see(r"x hangup")

    # What has been said, as a ladder, and one message as it went.
    alice.press("Enter")
    alice.see(r"── INVITE \(sdp\)")
    alice.press("g")
    alice.press("Enter")
    alice.see(r"INVITE sip:echo@sandbox.test SIP/2.0")
    alice.check_frame()
    alice.press("Escape")
    alice.gone(r"INVITE sip:echo@sandbox.test SIP/2.0")
    alice.back()
    alice.press("x")
    alice.see("we hung up")
    alice.see("calls 0")
    alice.press("J")
    alice.see(r"→ echo@sandbox.test .*we hung up")
    alice.back()
    alice.press("Q")
    alice.see(r"ClientRegistration alice +ended +200")
    alice.see(r"Left in order: 1 usage ended")
    alice.expect_exit(0)


@story(weight=6)
def missed_call(stage):
    """carol calls while alice types; alice types on, and carol gives up; later alice answers her."""
    alice = stage.alice()
    carol = stage.carol(alice)
    alice.press("r")
    alice.see("● registered")

    alice.press(":")
    alice.type('message sip:bob@sandbox.test "I cannot')
    alice.see('I cannot$')
    carol.press("c")
    carol.line("sip:alice@sandbox.test")
    alice.see(r"carol@sandbox.test")
    carol.see(r"cis-1 .*ringing")
    # The keys of the call are letters of what is typed.
    alice.type(" talk, ax b")
    alice.see(r"message sip:bob@sandbox.test \"I cannot talk, ax b$")
    alice.check_frame()
    carol.press("x")
    alice.see(r"calls 0 \(1 missed\)")
    alice.see(r"message sip:bob@sandbox.test \"I cannot talk, ax b$")
    alice.press("Enter")
    alice.see(r"message from bob@sandbox.test")
    alice.press("J")
    alice.see(r"carol@sandbox.test .*missed")
    alice.check_frame()
    alice.back()
    alice.gone(r"1 missed")

    # Once more; this time somebody is there.
    carol.press("c")
    carol.line("sip:alice@sandbox.test")
    # Keys that come at once are not for it: they may have been meant for something else.
    alice.see(r"☎ .*carol@sandbox.test calls, 0:0[1-9]")
    alice.press("a")
    alice.see(r"sis-2 .*connected")
    expect_audio(carol)
    expect_audio(alice)
    carol.press("x")
    alice.see(r"calls 0")
    carol.press("Q")
    carol.expect_exit(0)
    alice.press("Q")
    alice.expect_exit(0)


@story(weight=6)
def transfer(stage):
    """bob is sent to the echo; then bob and the echo are brought together by somebody who talks to both."""
    alice = stage.alice()
    alice.press("r")
    alice.see("● registered")
    call(alice, "sip:bob@sandbox.test")
    alice.press("t")
    alice.see(r"^ :transfer cis-1$")
    alice.line("sip:echo@sandbox.test")
    alice.see(r"transfer of cis-1: 200 OK|transferred")
    alice.see("calls 0")

    call(alice, "sip:bob@sandbox.test", "cis-2")
    call(alice, "sip:echo@sandbox.test", "cis-3")
    alice.see("calls 2")
    alice.check_frame()
    alice.press("T")
    alice.see(r"^ :transfer attended cis-2 cis-3$")
    alice.press("Enter")
    alice.see("calls 0")
    alice.press("J")
    alice.see(r"bob@sandbox.test")
    alice.check_frame()
    alice.back()
    alice.press("Q")
    alice.expect_exit(0)


@story(weight=5)
def resize_in_a_call(stage):
    """The window becomes large, small, too small and large again; the call goes on, and every frame is whole."""
    alice = stage.alice()
    alice.press("r")
    alice.see("● registered")
    call(alice, "sip:echo@sandbox.test")
    for columns, rows in ((80, 24), (60, 16), (80, 50), (200, 60), (60, 16), (120, 30)):
        alice.resize(columns, rows)
        alice.until(lambda screen: len(screen[1]) == columns and screen[1].startswith("┌"), "it is not drawn anew")
        alice.check_frame()
        expect_audio(alice)
    alice.resize(40, 10)
    alice.see(r"need \d+×\d+, have 40×10")
    alice.press("H")
    alice.resize(*stage.size)
    alice.see(r"cis-1 .* held ")
    alice.press("U")
    expect_audio(alice)
    # It can be left in a window that is too small, too.
    alice.resize(30, 6)
    alice.see(r"need|have")
    alice.press("Q")
    alice.see(r"exit code")
    alice.resize(*stage.size)
    alice.expect_exit(0)
