/// The terminal in our own words. No name of the library behind it appears here. All of it belongs to one thread,
/// except `ct_bell_ring` and what the crash guard does.
#ifndef LASTCALL_CTERMINAL_H
#define LASTCALL_CTERMINAL_H

#include <stdbool.h>
#include <stdint.h>

enum { ct_ok = 0, ct_not_a_terminal = -1, ct_cannot_position = -2 };
/// Takes the terminal over: other screen, raw keys, no echo. Also arranges that `exit` gives it back. `want_utf8`: the
/// user says that the terminal shows UTF-8, whatever the locale says.
int ct_start(bool use_colours, bool want_utf8);
/// Whether the terminal that TERM names can place its cursor. Before `ct_start`.
bool ct_can_position(void);
/// Gives it back as it was. Harmless when it is not ours.
void ct_stop(void);
/// Gives it back for a while, and takes it again (also when it is ours) and draws everything.
void ct_suspend(void);
void ct_resume(void);
/// Restores the terminal when the program crashes, with what may be done in a signal handler only; then the crash goes
/// its way.
void ct_guard_crashes(void);

/// Gives it back from another thread, when whoever reads what we write has stopped reading; waits for nobody.
void ct_abandon(void);

/// Whether more than ASCII may be shown, by the locale.
bool ct_is_utf8(void);
/// 0 (none), 8, 16 or 256.
int ct_colours(void);
/// Asks the system how large the terminal is now, and draws for that from now on.
void ct_measure(int *rows, int *columns);

enum { ct_bold = 1, ct_dim = 2, ct_reverse = 4, ct_underline = 8 };
/// Colours of the palette; negative is the terminal's own.
typedef struct {
    int16_t foreground, background;
    uint8_t attributes;
} ct_style;
/// Puts one character: a base and its marks, at most five code points. Row by row from left to right is fastest.
void ct_put(int row, int column, const uint32_t *scalars, int count, ct_style style);
void ct_clear(void);
void ct_show_cursor(int row, int column);
void ct_hide_cursor(void);
/// Clicks and the wheel come as keys from now on, or no more. Also remembered while the terminal is not ours.
void ct_take_mouse(bool wanted);
/// Sends what has changed.
void ct_refresh(void);

typedef enum {
    ct_key_none, ct_key_character, ct_key_function, ct_key_up, ct_key_down, ct_key_left, ct_key_right, ct_key_home,
    ct_key_end, ct_key_page_up, ct_key_page_down, ct_key_enter, ct_key_back_tab, ct_key_backspace, ct_key_delete,
    ct_key_insert, ct_key_paste_begin, ct_key_paste_end, ct_key_mouse, ct_key_unknown
} ct_key;
/// The next key that is there; `ct_key_none` when there is none. `*value` is a code point or a function key's number.
/// After `ct_key_mouse` come the characters of a report in the SGR form, up to `M` or `m`.
ct_key ct_next_key(uint32_t *value);

int ct_bell_new(void);
void ct_bell_ring(int bell);
void ct_bell_silence(int bell);
/// Waits for keys, the bell or a signal, at most so many milliseconds (negative: for ever).
enum { ct_keys = 1, ct_rung = 2, ct_signalled = 4, ct_hung_up = 8 };
int ct_wait(bool keys, int bell, int signals, int milliseconds);
/// The next signal from a signal descriptor, 0 when there is none.
int ct_next_signal(int signals);
/// Gives the terminal back and stops the whole job, as Ctrl-Z does, unless nobody could continue it. SIGCONT says when
/// to `ct_resume`.
void ct_stop_job(void);

#endif
