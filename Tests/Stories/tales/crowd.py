"""Ten thousand usages, and people who mean harm by their names."""

import os
import re

from robot.stranger import Stranger
from tales import story

CROWD = int(os.environ.get("STORY_USAGES", "10000"))


@story(weight=40, sizes=((120, 30),))
def ten_thousand_usages(stage):
    """Ten thousand subscriptions: the list scrolls, finds and filters at once, at both sizes; all end in order."""
    alice = stage.alice()
    alice.press("r")
    alice.see("● registered")
    # The echo is always here: nothing changes but what the robot does.
    alice.paste(":subscribe presence sip:echo@sandbox.test\r" * CROWD)
    alice.see(rf"subs {CROWD}\b", seconds=180)
    alice.press("\\")
    alice.line("active")
    alice.see(rf"\\active: {CROWD} of {CROWD + 1} ", seconds=60)
    alice.back()
    alice.gone(r"\\active")
    for columns, rows in ((120, 30), (80, 24)):
        alice.resize(columns, rows)
        alice.until(lambda screen: len(screen[1]) == columns, "it is not drawn anew")
        alice.press("g")
        alice.see(r"▶1 Calls in")
        alice.press("4")
        alice.see(r"▶ csub-1 ")
        alice.press("NPage")
        alice.see(r"▶ csub-11 ")
        alice.press("5", "Up")
        alice.see(rf"▶ csub-{CROWD} ")
        alice.check_frame()
        alice.press("/")
        alice.see(r"^ /")
        alice.line(f"csub-{CROWD // 2}")
        alice.see(rf"▶ csub-{CROWD // 2} ")
        alice.see(r"\? keys  : command")
        alice.press("\\")
        alice.line(f"csub-{CROWD - 1}")
        alice.see(rf"1 of {CROWD + 1} ")
        alice.see(rf"^│. csub-{CROWD - 1} ")
        alice.gone(rf"^│. csub-{CROWD // 2} ")
        alice.check_frame()
        # Esc takes back one thing at a time: what is looked for, then the filter.
        alice.press("Escape")
        alice.gone(r"n N ")
        alice.press("Escape")
        alice.gone(rf"1 of {CROWD + 1} ")
    alice.command("shutdown giveup 60s")
    alice.see(r"ClientSubscription +█+", seconds=30)
    alice.see(rf"Left in order: {CROWD + 1} usages ended", seconds=60)
    alice.expect_exit(0)


NAMES = (
    ("escape", "\x1b[2J\x1b]0;owned\x07\x1b[31mred", r"␛\[2J"),
    ("bidi", "evil\u202egpj.exe\u2066", r"evil‹U\+202E›gpj\.exe"),
    ("wide", "日本語の名前です全角全角全角全角", "日本語"),
    ("combining", "Z\u0351\u0343\u0344a\u0321\u0322l" + "\u0301" * 40 + "go", "Z.*go"),
    ("emoji", "👩‍👩‍👧‍👦 🇩🇪 👍🏽", "👩"),
    ("lines", "one\r\n two\ttabs", "one"),
    ("long", "x" * 2000, "xxxxxxxx"),
)


@story(weight=6)
def hostile_names(stage):
    """Names that move the cursor, turn the text round, take two columns or none: no frame breaks, and nothing is obeyed."""
    trace = stage.folder / "trace"
    alice = stage.alice("--trace", str(trace))
    alice.press("r")
    alice.see("● registered")
    stranger = Stranger(int(re.search(r"Contact: ?<sip:alice@127\.0\.0\.1:(\d+)", trace.read_text())[1]))
    stage.strangers.append(stranger)
    for number, (tag, name, shown) in enumerate(NAMES, 1):
        stranger.message(name, f"hello from {tag}: {name}", tag)
        alice.see(rf"message from .*")
        alice.check_frame()
        stranger.invite(name, tag)
        alice.see(rf"sis-{number} ")
        # Whose it is is told by the address; the name is there where there is room for both.
        alice.see(rf"☎ .*{tag[-5:]}@evil.example>? calls")
        if stage.size[0] >= 120:
            alice.see(rf"☎ .*{shown}")
        alice.check_frame()
        alice.press("1")
        alice.press("Enter")
        alice.see("INVITE")
        alice.check_frame()
        alice.back()
        stranger.cancel()
        alice.see("missed call")
        alice.check_frame()
    for key in ("J", "L", "l"):
        alice.press(key)
        alice.see(r"^┌─ (Calls|Messages|Event log)")
        alice.check_frame()
        alice.back()
    alice.check("owned" not in alice.flags(), "a name has set the title of the terminal")
    alice.press("Q")
    alice.expect_exit(0)
