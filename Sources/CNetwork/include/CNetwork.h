/// What Swift cannot say to Linux by itself: datagram sockets with an error queue, batches of datagrams, the
/// resolver, and descriptors that stand for events and signals. Every function that can fail answers with a negative errno.
#ifndef LASTCALL_CNETWORK_H
#define LASTCALL_CNETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// An address in host byte order. IPv4 stands in `low`; an IPv4 address mapped into IPv6 is always unmapped.
typedef struct {
    uint64_t high, low;
    uint32_t scope;
    uint16_t port;
    /// 4 or 6.
    uint8_t family;
} cn_address;

/// One datagram of a batch; its bytes lie in the batch's common store.
typedef struct {
    cn_address remote;
    uint32_t offset, length;
} cn_datagram;

/// A bound UDP socket that is told of ICMP errors. Blocking on purpose: see `cn_udp_send`.
int cn_udp_open(cn_address local, int buffer_bytes);
/// A bound and listening TCP socket.
int cn_tcp_listen(cn_address local, int backlog);
int cn_local_address(int fd, cn_address *local);
/// Which of our addresses the kernel would use toward `remote`. Sends nothing.
int cn_source_toward(cn_address remote, cn_address *source);

/// Sends in order and answers how many went. Fewer than `count` means that the next one was refused, with the reason
/// in `*error`. Waits while the socket's own buffer is full, which depends on no peer.
int cn_udp_send(int fd, const cn_datagram *list, int count, const uint8_t *store, int *error);

typedef struct cn_receiver cn_receiver;
enum { cn_receiver_slots = 16, cn_receiver_slot_bytes = 65536 };
cn_receiver *cn_receiver_new(void);
void cn_receiver_free(cn_receiver *receiver);
/// Reads what is there, without waiting: how many datagrams, 0 when there are none.
int cn_receiver_read(cn_receiver *receiver, int fd);
const uint8_t *cn_receiver_bytes(const cn_receiver *receiver, int index);
size_t cn_receiver_length(const cn_receiver *receiver, int index);
cn_address cn_receiver_remote(const cn_receiver *receiver, int index);

/// One entry of the socket's error queue. `length` counts the bytes of our own datagram that came back.
typedef struct {
    cn_address remote;
    int error, length;
} cn_refusal;
/// Takes the next entry: 1, or 0 when the queue is empty. Call until 0, or `poll` reports the error for ever.
int cn_next_refusal(int fd, cn_refusal *refusal, uint8_t *payload, int capacity);

/// Waits until `fd` (ignored when negative) can be read or has an error, or `control` can be read. The answer is a
/// set of these.
enum { cn_readable = 1, cn_failed = 2, cn_controlled = 4 };
int cn_wait(int fd, int control);

/// An eventfd: rung from any thread, also from a signal handler.
int cn_bell_new(void);
void cn_bell_ring(int bell);
void cn_bell_silence(int bell);

/// Addresses of a name, IPv4 before IPv6. `family` is 4, 6, or 0 for both.
int cn_resolve(const char *host, int family, cn_address *found, int capacity);

/// Blocks the signals in the calling thread and all that it starts, and answers with a descriptor to read them from.
int cn_signals_open(const int *signals, int count);
/// The next pending signal, 0 when there is none.
int cn_signals_next(int fd);

/// Names the calling thread, in at most 15 bytes.
void cn_name_thread(const char *name);

/// The system's sentence for an errno, from a table: safe in any thread.
const char *cn_error_text(int error);

#endif
