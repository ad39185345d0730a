"""The prompt, when what is typed is wrong."""

from tales import story

WRONG = (
    ("calll sip:bob@sandbox.test", r"! .*'calll'.*call"),
    ("call", r"! .*URI"),
    ("call two words", r"! column 10: .*words"),
    ("hangup c9", r"! .*c9"),
    ("publish presence opn", r"! column \d+: .*open"),
    ("register expires soon", r"! column \d+: .*soon"),
    ("subscribe presence sip:bob@sandbox.test expires", r"! .*expires"),
    ("fault lose 200%", r"! column \d+: .*200%"),
    ("message sip:bob@sandbox.test", r"! .*TEXT"),
    ("dtmf 12x", r"! .*12x"),
)


@story(weight=4)
def prompt_errors(stage):
    """Every mistake is named where it was made, stays to be mended, and sends nothing; Esc and Ctrl-C lead out."""
    alice = stage.alice()
    for line, complaint in WRONG:
        alice.press(":")
        alice.see(r"^ :$")
        alice.line(line)
        alice.see(complaint)
        alice.check_frame()
        # A line that cannot be understood stays, to be mended; of one that cannot be done nothing is left.
        if alice.screen()[-3].startswith(" :") or alice.screen()[-2].startswith(" :"):
            alice.press("C-c")
            alice.gone(r"^ :")
    alice.press("l")
    alice.see("─ Event log ─")
    alice.check(not any("SIP/2.0" in row or "reg." in row for row in alice.screen()), "something was sent")
    alice.back()

    # A line is mended where it was wrong.
    alice.press(":")
    alice.line("regster")
    alice.see(r"! .*register")
    alice.press("Home", "Right", "Right", "Right", "i", "Enter")
    alice.see("● registered")

    # History, search, completion, a paste of two lines, letters of all widths.
    alice.press(":")
    alice.press("Up")
    alice.see(r"^ :register$")
    alice.press("C-u")
    alice.see(r"^ :$")
    alice.type("unr")
    alice.press("Tab")
    alice.see(r"^ :unregister$")
    alice.press("Escape")
    alice.gone(r"^ :")
    alice.command('message sip:bob@sandbox.test "日本語 é 👍 naïve"')
    alice.see(r"message from bob@sandbox.test: .*日本語 é 👍 naïve")
    alice.check_frame()
    alice.press("\\")
    alice.see(r"^ \\ ")
    alice.press("z", "z")
    alice.see(r"^ \\zz ")
    alice.back()
    alice.press("%")
    alice.see(r"no key % here")
    alice.press("Q")
    alice.expect_exit(0)
