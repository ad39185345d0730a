#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

int ct_bell_new(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void ct_bell_ring(int bell) {
    uint64_t one = 1;
    ssize_t ignored = write(bell, &one, sizeof one);
    (void)ignored;
}

void ct_bell_silence(int bell) {
    uint64_t count;
    ssize_t ignored = read(bell, &count, sizeof count);
    (void)ignored;
}

int ct_wait(bool keys, int bell, int signals, int milliseconds) {
    struct pollfd watched[3] = {
        {.fd = keys ? STDIN_FILENO : -1, .events = POLLIN},
        {.fd = bell, .events = POLLIN},
        {.fd = signals, .events = POLLIN},
    };
    int result = 0;
    if (poll(watched, 3, milliseconds) < 0) return 0;
    if (watched[0].revents & POLLIN) result |= ct_keys;
    if (watched[0].revents & (POLLHUP | POLLERR | POLLNVAL)) result |= ct_hung_up;
    if (watched[1].revents) result |= ct_rung;
    if (watched[2].revents) result |= ct_signalled;
    return result;
}

int ct_next_signal(int signals) {
    struct signalfd_siginfo info;
    if (signals < 0) return 0;
    return read(signals, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

void ct_stop_job(void) {
    // Nobody is above the leader of a session who could continue its group: the program may be that leader, or be
    // started by one that keeps no jobs, as what ssh runs is.
    if (getsid(0) == getpgrp()) return;
    ct_suspend();
    kill(0, SIGSTOP);
}
