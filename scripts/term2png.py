#!/usr/bin/env python3
"""Draws a terminal screen as a PNG, or several of them as a GIF that moves.

usage: tmux capture-pane -e -p | term2png.py COLUMNSxROWS OUT.png
       term2png.py COLUMNSxROWS OUT.gif FOLDER

FOLDER holds one screen a file, each named by when it was taken, in milliseconds; the last one is shown for a while.

What tmux hands out is a finished screen: text, colours (SGR) and the line-drawing set (SO and SI), no cursor
movement; so this reads just that. Lines and blocks are drawn, not taken from a font, so that they join. Needs
Pillow and wcwidth; the fonts are DejaVu Sans Mono, and WenQuanYi where that has no glyph.
"""

import re
import sys
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from wcwidth import wcwidth

SIZE, CELL_WIDTH, CELL_HEIGHT, MARGIN = 20, 12, 24, 12
FOREGROUND, BACKGROUND = (0xD0, 0xD4, 0xDA), (0x16, 0x19, 0x1F)
FONTS = "/usr/share/fonts/truetype"

PALETTE = [
    (0x2A, 0x2E, 0x36), (0xE0, 0x6C, 0x75), (0x98, 0xC3, 0x79), (0xE5, 0xC0, 0x7B),
    (0x61, 0xAF, 0xEF), (0xC6, 0x78, 0xDD), (0x56, 0xB6, 0xC2), (0xC8, 0xCC, 0xD4),
    (0x6B, 0x73, 0x80), (0xFF, 0x8B, 0x92), (0xB5, 0xE0, 0x90), (0xFF, 0xD8, 0x8A),
    (0x84, 0xC7, 0xFF), (0xDE, 0x96, 0xF5), (0x7A, 0xD8, 0xE4), (0xFF, 0xFF, 0xFF),
]
STEPS = (0, 95, 135, 175, 215, 255)
PALETTE += [(r, g, b) for r in STEPS for g in STEPS for b in STEPS]
PALETTE += [(level, level, level) for level in range(8, 248, 10)]

# The VT100 line-drawing set, as far as curses uses it.
LINE_DRAWING = str.maketrans("`afgijklmnopqrstuvwxyz{|}~", "◆▒°±␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·")


@dataclass(frozen=True)
class Look:
    foreground: tuple | None = None
    background: tuple | None = None
    bold: bool = False
    faint: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    struck: bool = False

    def colours(self):
        front, back = self.foreground or FOREGROUND, self.background or BACKGROUND
        if self.reverse:
            front, back = back, front
        if self.faint:
            front = mix(front, back, 0.45)
        return front, back


PLAIN = Look()
SWITCHES = {
    1: {"bold": True}, 2: {"faint": True}, 3: {"italic": True}, 4: {"underline": True}, 7: {"reverse": True},
    9: {"struck": True}, 22: {"bold": False, "faint": False}, 23: {"italic": False}, 24: {"underline": False},
    27: {"reverse": False}, 29: {"struck": False}, 39: {"foreground": None}, 49: {"background": None},
}


def mix(one, other, share):
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other))


def restyled(look, parameters):
    """The look after one SGR sequence."""
    numbers = [int(word or 0) for word in re.split("[;:]", parameters)] if parameters else [0]
    while numbers:
        number = numbers.pop(0)
        if number == 0:
            look = PLAIN
        elif number in SWITCHES:
            look = replace(look, **SWITCHES[number])
        elif number in (38, 48):
            if numbers[:1] == [5]:
                colour, numbers = PALETTE[numbers[1] & 255], numbers[2:]
            else:
                colour, numbers = tuple(numbers[1:4]), numbers[4:]
            look = replace(look, **{"foreground" if number == 38 else "background": colour})
        else:
            for start, offset, field in ((30, 0, "foreground"), (40, 0, "background"),
                                         (90, 8, "foreground"), (100, 8, "background")):
                if start <= number < start + 8:
                    look = replace(look, **{field: PALETTE[number - start + offset]})
    return look


def read_screen(text, columns, rows):
    """Rows of (column, text of the cell, its width, look)."""
    look, drawing, screen = PLAIN, False, []
    for line in text.split("\n")[:rows]:
        cells, column = [], 0
        for sequence, other, character in re.findall(r"\x1b\[([\d;:]*)m|(\x1b\[[^@-~]*[@-~]|\x1b.)|([^\x1b])", line):
            if character == "":
                look = look if other else restyled(look, sequence)
            elif character in "\x0e\x0f":
                drawing = character == "\x0e"
            elif (width := wcwidth(character)) == 0 and cells:
                at, before, wide, style = cells[-1]
                cells[-1] = (at, before + character, wide, style)
            elif width > 0 and column + width <= columns:
                cells.append((column, character.translate(LINE_DRAWING) if drawing else character, width, look))
                column += width
        screen.append(cells)
    return screen


def arms(character):
    """How thick a box-drawing character is towards each side: {'LEFT': 'LIGHT', …}; None if it is no such one."""
    words = unicodedata.name(character, "").split()
    if words[:2] != ["BOX", "DRAWINGS"] or "DASH" in words or "DIAGONAL" in words:
        return None
    sides = {"VERTICAL": ("UP", "DOWN"), "HORIZONTAL": ("LEFT", "RIGHT")}
    found, waiting, weight = {}, [], None
    for word in words[2:]:
        if word in ("LIGHT", "HEAVY", "DOUBLE", "SINGLE"):
            weight = "LIGHT" if word == "SINGLE" else word
            found.update((side, weight) for side in waiting)
            leads, waiting = not waiting, []
            weight = weight if leads else None
        elif word not in ("AND", "ARC"):
            for side in sides.get(word, (word,)):
                if weight:
                    found[side] = weight
                else:
                    waiting.append(side)
    return found


def draw_box(draw, x, y, colour, directions):
    middle_x, middle_y = x + CELL_WIDTH // 2, y + CELL_HEIGHT // 2
    for side, weight in directions.items():
        half = 2 if weight == "HEAVY" else 1
        for offset in (-3, 3) if weight == "DOUBLE" else (0,):
            reach = half if weight != "DOUBLE" else 4
            if side in ("LEFT", "RIGHT"):
                left = x if side == "LEFT" else middle_x - reach
                right = middle_x + reach - 1 if side == "LEFT" else x + CELL_WIDTH - 1
                draw.rectangle((left, middle_y + offset - half, right, middle_y + offset + half - 1), fill=colour)
            else:
                top = y if side == "UP" else middle_y - reach
                bottom = middle_y + reach - 1 if side == "UP" else y + CELL_HEIGHT - 1
                draw.rectangle((middle_x + offset - half, top, middle_x + offset + half - 1, bottom), fill=colour)


QUADRANTS = {0x2596: 4, 0x2597: 8, 0x2598: 1, 0x2599: 13, 0x259A: 9, 0x259B: 7, 0x259C: 11, 0x259D: 2, 0x259E: 6, 0x259F: 14}


def blocks(character):
    """The rectangles of a block element, in eighths of the cell (left, top, right, bottom), and how solid they are."""
    code = ord(character)
    if code == 0x2580:
        return [(0, 0, 8, 4)], 1
    if 0x2581 <= code <= 0x2588:
        return [(0, 0x2588 - code, 8, 8)], 1
    if 0x2589 <= code <= 0x258F:
        return [(0, 0, 0x2590 - code, 8)], 1
    if code == 0x2590:
        return [(4, 0, 8, 8)], 1
    if 0x2591 <= code <= 0x2593:
        return [(0, 0, 8, 8)], (code - 0x2590) / 4
    if code == 0x2594:
        return [(0, 0, 8, 1)], 1
    if code == 0x2595:
        return [(7, 0, 8, 8)], 1
    if code in QUADRANTS:
        bits = QUADRANTS[code]
        return [(4 * (n % 2), 4 * (n // 2), 4 * (n % 2) + 4, 4 * (n // 2) + 4) for n in range(4) if bits >> n & 1], 1
    return None


class Glyphs:
    """The first font that knows a character, in the style asked for."""

    def __init__(self):
        def load(*names):
            return [ImageFont.truetype(f"{FONTS}/{name}", SIZE) for name in names]

        others = ["dejavu/DejaVuSans.ttf", "wqy/wqy-microhei.ttc"]
        self.plain = load("dejavu/DejaVuSansMono.ttf", *others)
        self.bold = load("dejavu/DejaVuSansMono-Bold.ttf", *others)

    def font(self, character, look):
        fonts = self.bold if look.bold else self.plain
        for font in fonts:
            if bytes(font.getmask(character)) != bytes(font.getmask("\U0010FFFF")):
                return font
        return fonts[0]


def draw_cell(draw, glyphs, x, y, text, width, look):
    front, back = look.colours()
    right, bottom = x + width * CELL_WIDTH - 1, y + CELL_HEIGHT - 1
    if back != BACKGROUND:
        draw.rectangle((x, y, right, bottom), fill=back)
    if directions := arms(text[0]):
        draw_box(draw, x, y, front, directions)
    elif solid := blocks(text[0]):
        for left, top, end, low in solid[0]:
            draw.rectangle(
                (x + left * CELL_WIDTH // 8, y + top * CELL_HEIGHT // 8,
                 x + end * CELL_WIDTH // 8 - 1, y + low * CELL_HEIGHT // 8 - 1), fill=mix(back, front, solid[1]))
    elif text != " ":
        font = glyphs.font(text[0], look)
        spare = max(width * CELL_WIDTH - font.getlength(text), 0) / 2
        draw.text((x + spare, y + CELL_HEIGHT - 6), text, font=font, fill=front, anchor="ls")
    if look.underline:
        draw.line((x, bottom - 2, right, bottom - 2), fill=front)
    if look.struck:
        draw.line((x, y + CELL_HEIGHT // 2, right, y + CELL_HEIGHT // 2), fill=front)


def picture(text, columns, rows, glyphs):
    image = Image.new("RGB", (columns * CELL_WIDTH + 2 * MARGIN, rows * CELL_HEIGHT + 2 * MARGIN), BACKGROUND)
    draw = ImageDraw.Draw(image)
    for row, cells in enumerate(read_screen(text, columns, rows)):
        for column, character, width, look in cells:
            place = MARGIN + column * CELL_WIDTH, MARGIN + row * CELL_HEIGHT
            draw_cell(draw, glyphs, *place, character, width, look)
    return image


LAST = 5000  # milliseconds that the last screen of a recording is shown
SHADES = 64  # colours of a recording, the same for all its screens


def save_moving(screens, out):
    """`screens`: (milliseconds, image), in their order. What is the same twice is one frame that lasts longer."""
    kept = [screens[0]]
    for at, image in screens[1:]:
        if image.tobytes() != kept[-1][1].tobytes():
            kept.append((at, image))
    times = [at for at, _ in kept]
    lasting = [later - at for at, later in zip(times, times[1:])] + [LAST]
    # The palette of the screens that have most colours serves for all.
    samples = sorted((image for _, image in kept), key=lambda image: -len(image.getcolors(1 << 24)))[:4]
    sheet = Image.new("RGB", (samples[0].width, samples[0].height * len(samples)))
    for number, image in enumerate(samples):
        sheet.paste(image, (0, number * image.height))
    palette = sheet.quantize(SHADES, dither=Image.Dither.NONE)
    frames = [image.quantize(palette=palette, dither=Image.Dither.NONE) for _, image in kept]
    frames[0].save(
        out, save_all=True, append_images=frames[1:], duration=lasting, loop=0, optimize=True, disposal=1)


def main(arguments):
    size = re.fullmatch(r"(\d+)x(\d+)", arguments[0]) if len(arguments) in (2, 3) else None
    if not size:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    columns, rows, glyphs = int(size[1]), int(size[2]), Glyphs()
    if len(arguments) == 3:
        files = sorted(Path(arguments[2]).iterdir(), key=lambda file: int(file.name))
        read = [(int(file.name), file.read_bytes().decode("utf-8", errors="replace")) for file in files]
        save_moving([(at, picture(text, columns, rows, glyphs)) for at, text in read], arguments[1])
    else:
        text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
        picture(text, columns, rows, glyphs).save(arguments[1], optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
