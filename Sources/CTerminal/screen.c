#include "internal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
static WINDOW *keys;
static bool utf8;
static int colours;
static bool direct;

static void modes(void) {
    raw();
    noecho();
    nonl();
    keypad(keys, TRUE);
    nodelay(keys, TRUE);
}

static int supported_colours(bool wanted) {
    if (!wanted || !has_colors() || start_color() == ERR) return 0;
    use_default_colors();
    // Such a terminal takes all numbers but the first eight for red, green and blue.
    direct = tigetflag("RGB") > 0 || COLORS > 256;
    return COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : 8;
}

int ct_start(bool use_colours, bool want_utf8) {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return ct_not_a_terminal;
    setlocale(LC_CTYPE, "");
    utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    if (want_utf8 && !utf8) utf8 = setlocale(LC_CTYPE, "C.UTF-8") != NULL;
    ct_remember_modes();
    screen = newterm(NULL, stdout, stdin);
    if (!screen) return ct_cannot_position;
    if (!tigetstr("cup")) {
        ct_stop();
        return ct_cannot_position;
    }
    set_escdelay(25);
    // Keys are read through a pad, because reading them through the screen would refresh it.
    keys = newpad(1, 1);
    modes();
    leaveok(stdscr, FALSE);
    idlok(stdscr, FALSE);
    curs_set(0);
    colours = supported_colours(use_colours);
    ct_prepare_keys();
    static bool at_exit;
    if (!at_exit) atexit(ct_stop);
    at_exit = true;
    ct_remember_ending();
    ct_set_paste(true);
    if (ct_wants_mouse()) ct_set_mouse(true);
    return ct_ok;
}

void ct_stop(void) {
    if (!screen) return;
    SCREEN *ours = screen;
    screen = NULL;
    ct_set_paste(false);
    if (ct_wants_mouse()) ct_set_mouse(false);
    curs_set(1);
    // Not every terminal has a second screen, or keeps it apart when its size changes.
    erase();
    refresh();
    endwin();
    ct_forget_ending();
    if (keys) delwin(keys);
    keys = NULL;
    delscreen(ours);
}

void ct_suspend(void) {
    if (!screen) return;
    ct_set_paste(false);
    if (ct_wants_mouse()) ct_set_mouse(false);
    curs_set(1);
    endwin();
    ct_forget_ending();
}

void ct_resume(void) {
    if (!screen) return;
    ct_remember_ending();
    modes();
    curs_set(0);
    clearok(curscr, TRUE);
    refresh();
    ct_set_paste(true);
    if (ct_wants_mouse()) ct_set_mouse(true);
}

bool ct_is_utf8(void) { return utf8; }
int ct_colours(void) { return colours; }

void ct_measure(int *rows, int *columns) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        if (screen && (size.ws_row != LINES || size.ws_col != COLS)) {
            resize_term(size.ws_row, size.ws_col);
            // Terminals differ in what they keep in place when they shrink, so nothing on them is trusted.
            clearok(curscr, TRUE);
        }
        *rows = size.ws_row;
        *columns = size.ws_col;
    } else {
        *rows = screen ? LINES : 24;
        *columns = screen ? COLS : 80;
    }
}

/// The nearest of the eight basic colours to one of the 256; the bright half is told by bold.
static short basic(int colour, attr_t *attributes) {
    if (colour < 16) {
        if (colour >= 8) *attributes |= A_BOLD;
        return (short)(colour & 7);
    }
    if (colour >= 232) return colour >= 244 ? COLOR_WHITE : COLOR_BLACK;
    int cube = colour - 16, red = cube / 36, green = cube / 6 % 6, blue = cube % 6;
    return (short)((red > 2 ? 1 : 0) | (green > 2 ? 2 : 0) | (blue > 2 ? 4 : 0));
}

/// One of the 256 as red, green and blue.
static int mixed(int colour) {
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    if (colour >= 232) return (8 + 10 * (colour - 232)) * 0x010101;
    int cube = colour - 16;
    return levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6];
}

static int shown(int colour, attr_t *attributes) {
    attr_t ignored = 0;
    if (direct && colour >= 8) return colour < 16 ? basic(colour, attributes ? attributes : &ignored) : mixed(colour);
    if (colour < colours) return colour;
    return basic(colour, attributes ? attributes : &ignored);
}

// Cells of one column that stand beside each other are given to curses together. What is wider than the longest run only
// makes a further one.
enum { longest_run = 512 };
static struct {
    cchar_t cells[longest_run];
    int count, row, column;
} run;

static void flush_run(void) {
    if (run.count > 0) mvadd_wchnstr(run.row, run.column, run.cells, run.count);
    run.count = 0;
}

// Most cells look as the one before them.
static struct {
    ct_style style;
    attr_t attributes;
    int pair;
    bool known;
} look;

static void find_look(ct_style style) {
    if (look.known && look.style.foreground == style.foreground && look.style.background == style.background &&
        look.style.attributes == style.attributes)
        return;
    look.style = style;
    look.known = true;
    look.attributes = A_NORMAL;
    look.pair = 0;
    if (style.attributes & ct_bold) look.attributes |= A_BOLD;
    if (style.attributes & ct_dim) look.attributes |= A_DIM;
    if (style.attributes & ct_reverse) look.attributes |= A_REVERSE;
    if (style.attributes & ct_underline) look.attributes |= A_UNDERLINE;
    if (colours > 0 && (style.foreground >= 0 || style.background >= 0)) {
        int foreground = style.foreground < 0 ? -1 : shown(style.foreground, &look.attributes);
        int background = style.background < 0 ? -1 : shown(style.background, NULL);
        look.pair = alloc_pair(foreground, background);
        if (look.pair < 0) look.pair = 0;
    }
}

void ct_put(int row, int column, const uint32_t *scalars, int count, ct_style style) {
    wchar_t text[CCHARW_MAX + 1] = {0};
    find_look(style);
    for (int i = 0; i < count && i < CCHARW_MAX; i++) text[i] = (wchar_t)scalars[i];
    // A cell holds one character that takes space, and marks that take none.
    for (int i = 1; text[0] && text[i]; i++) {
        if (wcwidth(text[i]) > 0) text[i] = 0;
    }
    if (run.count > 0 && (row != run.row || column != run.column + run.count || run.count == longest_run)) flush_run();
    if (run.count == 0) {
        run.row = row;
        run.column = column;
    }
    cchar_t *cell = &run.cells[run.count];
    if (setcchar(cell, text, look.attributes, 0, &look.pair) == ERR) {
        text[0] = L'?';
        text[1] = 0;
        if (setcchar(cell, text, look.attributes, 0, &look.pair) == ERR) return;
    }
    run.count++;
    // What curses does not take for one column wide must not move those behind it.
    if ((text[0] < 0x20 || text[0] > 0x7E) && wcwidth(text[0]) != 1) flush_run();
}

void ct_clear(void) {
    flush_run();
    erase();
}

void ct_show_cursor(int row, int column) {
    flush_run();
    curs_set(1);
    move(row, column);
}

void ct_hide_cursor(void) { curs_set(0); }

void ct_refresh(void) {
    flush_run();
    refresh();
}

WINDOW *ct_key_window(void) { return screen ? keys : NULL; }
