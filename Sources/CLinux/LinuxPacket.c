// Packet sockets and interfaces: requests whose structures Swift cannot fill.
#define _GNU_SOURCE
#include "LinuxPacket.h"
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifndef ARPHRD_RAWIP
#define ARPHRD_RAWIP 519
#endif

static int name_request(struct ifreq *request, const char *name) {
    memset(request, 0, sizeof *request);
    if (strlen(name) >= IFNAMSIZ) return ENAMETOOLONG;
    strcpy(request->ifr_name, name);
    return 0;
}

int lepton_interface_find(int socket, const char *name, struct lepton_interface *found) {
    struct ifreq request;
    int status = name_request(&request, name);
    if (status != 0) return status;
    if (ioctl(socket, SIOCGIFINDEX, &request) != 0) return errno;
    found->index = request.ifr_ifindex;
    if (ioctl(socket, SIOCGIFFLAGS, &request) != 0) return errno;
    found->is_up = (request.ifr_flags & IFF_UP) != 0;
    found->is_loopback = (request.ifr_flags & IFF_LOOPBACK) != 0;
    if (ioctl(socket, SIOCGIFHWADDR, &request) != 0) return errno;
    found->hardware = request.ifr_hwaddr.sa_family;
    switch (found->hardware) {
        case ARPHRD_ETHER:
        case ARPHRD_LOOPBACK: found->link_type = 1; break;
        case ARPHRD_NONE:
        case ARPHRD_RAWIP: found->link_type = 101; break;
        default: found->link_type = -1;
    }
    return 0;
}

static int32_t ask(int socket, const char *name, uint32_t command) {
    struct ifreq request;
    struct ethtool_value value = {.cmd = command, .data = 0};
    if (name_request(&request, name) != 0) return -1;
    request.ifr_data = (char *)&value;
    return ioctl(socket, SIOCETHTOOL, &request) == 0 ? (int32_t)value.data : -1;
}

void lepton_interface_offload(int socket, const char *name, struct lepton_offload *found) {
    found->gro = ask(socket, name, ETHTOOL_GGRO);
    found->tso = ask(socket, name, ETHTOOL_GTSO);
    found->transmit_checksum = ask(socket, name, ETHTOOL_GTXCSUM);
    int32_t flags = ask(socket, name, ETHTOOL_GFLAGS);
    found->lro = flags < 0 ? -1 : (flags & ETH_FLAG_LRO) != 0;
}

int lepton_attach_filter(int socket, const void *instructions, uint16_t count) {
    struct sock_fprog program = {.len = count, .filter = (struct sock_filter *)instructions};
    return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 ? 0 : errno;
}

int lepton_take_packet_counters(int socket, uint32_t *packets, uint32_t *drops) {
    struct tpacket_stats_v3 counters = {0};
    socklen_t length = sizeof counters;
    if (getsockopt(socket, SOL_PACKET, PACKET_STATISTICS, &counters, &length) != 0) return errno;
    *packets = counters.tp_packets;
    *drops = counters.tp_drops;
    return 0;
}
