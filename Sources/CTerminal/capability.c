#include "include/CTerminal.h"

// After our own header: it defines words like `columns` as macros.
#include <curses.h>
#include <term.h>
#include <unistd.h>

bool ct_can_position(void) {
    int error = 0;
    if (setupterm(NULL, STDOUT_FILENO, &error) != OK) return false;
    const char *way = tigetstr("cup");
    bool can = way && way != (char *)-1;
    del_curterm(cur_term);
    return can;
}
