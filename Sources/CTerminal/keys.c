#include "internal.h"

#include <unistd.h>
#include <wchar.h>

enum { key_paste_begin = KEY_MAX + 1, key_paste_end, key_mouse };

// The user wants the mouse to be ours, also while the terminal is not.
static bool mouse_wanted;

void ct_prepare_keys(void) {
    define_key("\033[200~", key_paste_begin);
    define_key("\033[201~", key_paste_end);
    // Whatever the description of the terminal says of its mouse: it is asked for this form.
    define_key("\033[<", key_mouse);
}

void ct_set_paste(bool on) {
    putp(on ? "\033[?2004h" : "\033[?2004l");
    fflush(stdout);
}

void ct_set_mouse(bool on) {
    putp(on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l");
    fflush(stdout);
}

void ct_take_mouse(bool wanted) {
    if (wanted == mouse_wanted) return;
    mouse_wanted = wanted;
    if (ct_key_window()) ct_set_mouse(wanted);
}

bool ct_wants_mouse(void) { return mouse_wanted; }

static ct_key named(wint_t code, uint32_t *value) {
    if (code >= KEY_F(1) && code <= KEY_F(63)) {
        *value = (uint32_t)(code - KEY_F0);
        return ct_key_function;
    }
    switch (code) {
    case KEY_UP: return ct_key_up;
    case KEY_DOWN: return ct_key_down;
    case KEY_LEFT: return ct_key_left;
    case KEY_RIGHT: return ct_key_right;
    case KEY_HOME: return ct_key_home;
    case KEY_END: return ct_key_end;
    case KEY_PPAGE: return ct_key_page_up;
    case KEY_NPAGE: return ct_key_page_down;
    case KEY_ENTER: return ct_key_enter;
    case KEY_BTAB: return ct_key_back_tab;
    case KEY_BACKSPACE: return ct_key_backspace;
    case KEY_DC: return ct_key_delete;
    case KEY_IC: return ct_key_insert;
    case key_paste_begin: return ct_key_paste_begin;
    case key_paste_end: return ct_key_paste_end;
    case key_mouse: return ct_key_mouse;
    default: return ct_key_unknown;
    }
}

ct_key ct_next_key(uint32_t *value) {
    WINDOW *window = ct_key_window();
    wint_t code = 0;
    if (!window) return ct_key_none;
    switch (wget_wch(window, &code)) {
    case OK: *value = (uint32_t)code; return ct_key_character;
    case KEY_CODE_YES: return named(code, value);
    default: return ct_key_none;
    }
}
