#include "internal.h"

#include <netinet/ip.h>

static bool is_any(cn_address address) { return address.high == 0 && address.low == 0; }

static int fail(int fd) {
    int error = errno;
    close(fd);
    return -error;
}

/// A socket of the address's family, bound. `::` takes IPv4 as well.
static int bound(cn_address local, int type) {
    int yes = 1, no = 0;
    int fd = socket(local.family == 6 ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    if (local.family == 6) {
        if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, is_any(local) ? &no : &yes, sizeof yes) < 0) return fail(fd);
    }
    // A listener may take a port whose old connections are still in TIME_WAIT. On UDP the same option would let two
    // programs share the port, each getting some of the datagrams: never there.
    if (type & SOCK_STREAM) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_storage storage;
    socklen_t length = cn_to_sockaddr(local, local.family == 6, &storage);
    if (bind(fd, (struct sockaddr *)&storage, length) < 0) return fail(fd);
    return fd;
}

int cn_udp_open(cn_address local, int buffer_bytes) {
    int yes = 1;
    int fd = bound(local, SOCK_DGRAM);
    if (fd < 0) return fd;
    if (setsockopt(fd, IPPROTO_IP, IP_RECVERR, &yes, sizeof yes) < 0 && local.family == 4) return fail(fd);
    if (local.family == 6 && setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &yes, sizeof yes) < 0) return fail(fd);
    // The first form goes past the system's limit and needs a privilege; the second takes what is allowed.
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_bytes, sizeof buffer_bytes) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer_bytes, sizeof buffer_bytes) < 0)
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    return fd;
}

int cn_tcp_listen(cn_address local, int backlog) {
    int fd = bound(local, SOCK_STREAM | SOCK_NONBLOCK);
    if (fd < 0) return fd;
    if (listen(fd, backlog) < 0) return fail(fd);
    return fd;
}
