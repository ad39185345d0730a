#include "internal.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios modes_before;
static bool have_modes;
static char ending[256];
static size_t ending_length;
// Whoever takes it restores the terminal: a handler, the thread that shows things, or the one that stands in for it. Free of
// locks, so that a handler may ask.
static atomic_int armed;
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a signal handler asks for it");

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
enum { crash_count = sizeof crashes / sizeof crashes[0] };
static struct sigaction previous[crash_count];

void ct_remember_modes(void) { have_modes = tcgetattr(STDIN_FILENO, &modes_before) == 0; }

static void append(const char *text) {
    // tigetstr answers (char *)-1 for a name that is no string.
    if (!text || text == (char *)-1) return;
    size_t length = strlen(text);
    if (ending_length + length > sizeof ending) return;
    memcpy(ending + ending_length, text, length);
    ending_length += length;
}

void ct_remember_ending(void) {
    static const char *const names[] = {"sgr0", "cnorm", "rmkx", "rmcup"};
    armed = 0;
    ending_length = 0;
    append("\033[?2004l\033[?1006l\033[?1000l");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) append(tigetstr(names[i]));
    append("\r\n");
    armed = 1;
}

void ct_forget_ending(void) { armed = 0; }

// Restores the terminal with what may be done in a signal handler, and no more.
static void restore_at_once(void) {
    if (!atomic_exchange(&armed, 0)) return;
    ssize_t ignored = write(STDOUT_FILENO, ending, ending_length);
    (void)ignored;
    if (have_modes) tcsetattr(STDIN_FILENO, TCSANOW, &modes_before);
}

void ct_abandon(void) {
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK);
    tcflush(STDOUT_FILENO, TCOFLUSH);
    restore_at_once();
    // Others share the description, such as the shell that started us.
    fcntl(STDOUT_FILENO, F_SETFL, flags);
}

static void on_crash(int number, siginfo_t *info, void *context) {
    (void)context;
    restore_at_once();
    for (int i = 0; i < crash_count; i++) {
        if (crashes[i] == number) sigaction(number, &previous[i], NULL);
    }
    // A fault happens again when we return, now with the previous handler. A signal that somebody sent does not, and a
    // handler that only looks at faults would let the program live.
    if (info->si_code == SI_USER) signal(number, SIG_DFL);
    if (info->si_code <= 0) raise(number);
}

void ct_guard_crashes(void) {
    static bool guarded;
    if (guarded) return;
    guarded = true;
    // The handlers share the stack that an earlier handler (the language's backtracer) set up for this thread, if any.
    stack_t stack = {0};
    if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE)) {
        stack.ss_size = 64 * 1024;
        stack.ss_sp = malloc(stack.ss_size);
        stack.ss_flags = 0;
        if (stack.ss_sp) sigaltstack(&stack, NULL);
    }
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < crash_count; i++) sigaction(crashes[i], &action, &previous[i]);
}
