#ifndef LASTCALL_CNETWORK_INTERNAL_H
#define LASTCALL_CNETWORK_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "include/CNetwork.h"

socklen_t cn_to_sockaddr(cn_address address, bool as_ipv6, struct sockaddr_storage *out);
cn_address cn_from_sockaddr(const struct sockaddr_storage *from);

#endif
