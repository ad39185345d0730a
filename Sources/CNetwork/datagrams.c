#include "internal.h"

#include <linux/errqueue.h>
#include <netinet/ip.h>
#include <stdlib.h>
#include <string.h>

enum { send_slots = 64 };

/// How often to try again after an error that may belong to an earlier datagram: `sendmmsg` hands over what ICMP said
/// meanwhile, one error each time, and does nothing else. The error queue tells whose they are. That a port is closed is
/// never said of the datagram at hand; that there is no route may be, and then it is said every time.
static int attempts_after(int error) {
    switch (error) {
    case EINTR:
    case ECONNREFUSED:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN: return 100000;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EACCES:
    case EMSGSIZE: return 32;
    default: return 0;
    }
}

int cn_udp_send(int fd, const cn_datagram *list, int count, const uint8_t *store, int *error) {
    struct mmsghdr messages[send_slots];
    struct iovec pieces[send_slots];
    struct sockaddr_storage names[send_slots];
    int domain = AF_INET, sent = 0, attempts = 0;
    socklen_t size = sizeof domain;
    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size);
    while (sent < count) {
        int batch = count - sent < send_slots ? count - sent : send_slots;
        for (int i = 0; i < batch; i++) {
            const cn_datagram *each = &list[sent + i];
            socklen_t length = cn_to_sockaddr(each->remote, domain == AF_INET6, &names[i]);
            pieces[i] = (struct iovec){.iov_base = (void *)(store + each->offset), .iov_len = each->length};
            memset(&messages[i], 0, sizeof messages[i]);
            messages[i].msg_hdr.msg_name = &names[i];
            messages[i].msg_hdr.msg_namelen = length;
            messages[i].msg_hdr.msg_iov = &pieces[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
        int done = sendmmsg(fd, messages, (unsigned)batch, MSG_NOSIGNAL);
        if (done > 0) {
            sent += done;
            attempts = 0;
        } else if (attempts < attempts_after(errno)) {
            attempts += 1;
        } else {
            *error = errno;
            return sent;
        }
    }
    *error = 0;
    return sent;
}

struct cn_receiver {
    struct mmsghdr messages[cn_receiver_slots];
    struct iovec pieces[cn_receiver_slots];
    struct sockaddr_storage names[cn_receiver_slots];
    uint8_t bytes[cn_receiver_slots][cn_receiver_slot_bytes];
};

cn_receiver *cn_receiver_new(void) {
    // Not cleared: pages that no datagram ever reaches are never touched and cost nothing.
    return malloc(sizeof(struct cn_receiver));
}

void cn_receiver_free(cn_receiver *receiver) { free(receiver); }

int cn_receiver_read(cn_receiver *receiver, int fd) {
    for (int i = 0; i < cn_receiver_slots; i++) {
        receiver->pieces[i] = (struct iovec){.iov_base = receiver->bytes[i], .iov_len = cn_receiver_slot_bytes};
        memset(&receiver->messages[i], 0, sizeof receiver->messages[i]);
        receiver->messages[i].msg_hdr.msg_name = &receiver->names[i];
        receiver->messages[i].msg_hdr.msg_namelen = sizeof receiver->names[i];
        receiver->messages[i].msg_hdr.msg_iov = &receiver->pieces[i];
        receiver->messages[i].msg_hdr.msg_iovlen = 1;
    }
    int count = recvmmsg(fd, receiver->messages, cn_receiver_slots, MSG_DONTWAIT, NULL);
    return count < 0 ? 0 : count;
}

const uint8_t *cn_receiver_bytes(const cn_receiver *receiver, int index) { return receiver->bytes[index]; }
size_t cn_receiver_length(const cn_receiver *receiver, int index) { return receiver->messages[index].msg_len; }
cn_address cn_receiver_remote(const cn_receiver *receiver, int index) {
    return cn_from_sockaddr(&receiver->names[index]);
}

static const struct sock_extended_err *extended_error(struct msghdr *message) {
    for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each; each = CMSG_NXTHDR(message, each)) {
        bool ipv4 = each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_RECVERR;
        bool ipv6 = each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_RECVERR;
        if (ipv4 || ipv6) return (const struct sock_extended_err *)CMSG_DATA(each);
    }
    return NULL;
}

int cn_next_refusal(int fd, cn_refusal *refusal, uint8_t *payload, int capacity) {
    for (;;) {
        struct sockaddr_storage name = {0};
        union {
            struct cmsghdr align;
            uint8_t bytes[512];
        } control;
        struct iovec piece = {.iov_base = payload, .iov_len = (size_t)capacity};
        struct msghdr message = {.msg_name = &name, .msg_namelen = sizeof name, .msg_iov = &piece, .msg_iovlen = 1};
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
        ssize_t length = recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT);
        if (length < 0) {
            // An error that found no room in the queue is cleared here, so that `poll` does not report it for ever.
            int pending = 0;
            socklen_t size = sizeof pending;
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &size);
            return 0;
        }
        const struct sock_extended_err *extended = extended_error(&message);
        // EMSGSIZE only teaches the kernel the size of the path: the next copy goes out in fragments.
        if (!extended || extended->ee_errno == EMSGSIZE || name.ss_family == AF_UNSPEC) continue;
        refusal->remote = cn_from_sockaddr(&name);
        refusal->error = (int)extended->ee_errno;
        refusal->length = (int)length;
        return 1;
    }
}
