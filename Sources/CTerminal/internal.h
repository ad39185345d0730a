#ifndef LASTCALL_CTERMINAL_INTERNAL_H
#define LASTCALL_CTERMINAL_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define NCURSES_WIDECHAR 1
#include <ncurses.h>

#include "include/CTerminal.h"

/// The window that keys are read through; NULL when the terminal is not ours.
WINDOW *ct_key_window(void);
void ct_prepare_keys(void);
void ct_set_paste(bool on);
void ct_set_mouse(bool on);
bool ct_wants_mouse(void);

/// What the crash guard needs: the modes before us, and the bytes that undo what we did. It acts only in between
/// `ct_remember_ending` and `ct_forget_ending`.
void ct_remember_modes(void);
void ct_remember_ending(void);
void ct_forget_ending(void);

#endif
