#include "internal.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

int cn_wait(int fd, int control) {
    struct pollfd watched[2] = {{.fd = fd, .events = POLLIN}, {.fd = control, .events = POLLIN}};
    int result = 0;
    if (poll(watched, 2, -1) < 0) return 0;
    if (watched[0].revents & POLLIN) result |= cn_readable;
    if (watched[0].revents & (POLLERR | POLLHUP | POLLNVAL)) result |= cn_failed;
    if (watched[1].revents) result |= cn_controlled;
    return result;
}

int cn_bell_new(void) {
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

void cn_bell_ring(int bell) {
    uint64_t one = 1;
    ssize_t ignored = write(bell, &one, sizeof one);
    (void)ignored;
}

void cn_bell_silence(int bell) {
    uint64_t count;
    ssize_t ignored = read(bell, &count, sizeof count);
    (void)ignored;
}

int cn_signals_open(const int *signals, int count) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
    signal(SIGPIPE, SIG_IGN);
    int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (error != 0) return -error;
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int cn_signals_next(int fd) {
    struct signalfd_siginfo info;
    return read(fd, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

void cn_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
