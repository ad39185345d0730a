#include "internal.h"

#include <string.h>

socklen_t cn_to_sockaddr(cn_address address, bool as_ipv6, struct sockaddr_storage *out) {
    memset(out, 0, sizeof *out);
    if (address.family == 4 && !as_ipv6) {
        struct sockaddr_in *in = (struct sockaddr_in *)out;
        in->sin_family = AF_INET;
        in->sin_port = htons(address.port);
        in->sin_addr.s_addr = htonl((uint32_t)address.low);
        return sizeof *in;
    }
    struct sockaddr_in6 *in = (struct sockaddr_in6 *)out;
    in->sin6_family = AF_INET6;
    in->sin6_port = htons(address.port);
    in->sin6_scope_id = address.scope;
    uint64_t high = address.high, low = address.low;
    if (address.family == 4) {
        high = 0;
        low = 0xffff00000000u | (address.low & 0xffffffffu);
    }
    for (int i = 0; i < 8; i++) {
        in->sin6_addr.s6_addr[i] = (uint8_t)(high >> (56 - 8 * i));
        in->sin6_addr.s6_addr[8 + i] = (uint8_t)(low >> (56 - 8 * i));
    }
    return sizeof *in;
}

cn_address cn_from_sockaddr(const struct sockaddr_storage *from) {
    cn_address address = {0};
    if (from->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)from;
        address.family = 4;
        address.port = ntohs(in->sin_port);
        address.low = ntohl(in->sin_addr.s_addr);
    } else if (from->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)from;
        address.family = 6;
        address.port = ntohs(in->sin6_port);
        address.scope = in->sin6_scope_id;
        for (int i = 0; i < 8; i++) {
            address.high = address.high << 8 | in->sin6_addr.s6_addr[i];
            address.low = address.low << 8 | in->sin6_addr.s6_addr[8 + i];
        }
        if (IN6_IS_ADDR_V4MAPPED(&in->sin6_addr)) {
            address.family = 4;
            address.high = 0;
            address.low &= 0xffffffffu;
        }
    }
    return address;
}

int cn_local_address(int fd, cn_address *local) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    if (getsockname(fd, (struct sockaddr *)&storage, &length) < 0) return -errno;
    *local = cn_from_sockaddr(&storage);
    return 0;
}

int cn_source_toward(cn_address remote, cn_address *source) {
    struct sockaddr_storage storage;
    int fd = socket(remote.family == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    socklen_t length = cn_to_sockaddr(remote, remote.family == 6, &storage);
    int result = connect(fd, (struct sockaddr *)&storage, length) < 0 ? -errno : cn_local_address(fd, source);
    close(fd);
    return result;
}

int cn_resolve(const char *host, int family, cn_address *found, int capacity) {
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *list = NULL;
    hints.ai_family = family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC;
    if (getaddrinfo(host, NULL, &hints, &list) != 0) return 0;
    int count = 0;
    for (int wanted = 4; wanted <= 6; wanted += 2) {
        for (struct addrinfo *each = list; each && count < capacity; each = each->ai_next) {
            struct sockaddr_storage storage = {0};
            memcpy(&storage, each->ai_addr, each->ai_addrlen);
            cn_address address = cn_from_sockaddr(&storage);
            if (address.family == wanted) found[count++] = address;
        }
    }
    freeaddrinfo(list);
    return count;
}

const char *cn_error_text(int error) {
    const char *text = strerrordesc_np(error);
    return text ? text : "unknown error";
}
