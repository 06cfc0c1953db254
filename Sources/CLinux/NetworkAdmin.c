// Capabilities, namespaces and packet sockets: system calls that Swift's view of the headers does not have.
#define _GNU_SOURCE
#include "NetworkAdmin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int lepton_memory_file(const char *name) {
    return memfd_create(name, MFD_CLOEXEC);
}

static int read_capabilities(struct __user_cap_data_struct data[2]) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    return (int)syscall(SYS_capget, &header, data);
}

static int write_capabilities(const struct __user_cap_data_struct data[2]) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    return (int)syscall(SYS_capset, &header, data);
}

int lepton_keep_only_net_admin(void) {
    const uint32_t bit = 1u << CAP_NET_ADMIN;
    // The bounding set can be narrowed only by whoever has CAP_SETPCAP; without it, programs gain nothing anyway.
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
        if (capability != CAP_NET_ADMIN) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
    struct __user_cap_data_struct data[2];
    memset(data, 0, sizeof data);
    data[0].effective = data[0].permitted = data[0].inheritable = bit;
    if (write_capabilities(data) != 0) return -1;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0) != 0) return -1;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int lepton_drop_net_admin(void) {
    const uint32_t bit = 1u << CAP_NET_ADMIN;
    prctl(PR_CAPBSET_DROP, CAP_NET_ADMIN, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_NET_ADMIN, 0, 0);
    struct __user_cap_data_struct data[2];
    if (read_capabilities(data) != 0) return -1;
    data[0].effective &= ~bit;
    data[0].permitted &= ~bit;
    data[0].inheritable &= ~bit;
    if (write_capabilities(data) != 0) return -1;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int lepton_has_net_admin(void) {
    struct __user_cap_data_struct data[2];
    if (read_capabilities(data) != 0) return 0;
    return (data[0].effective >> CAP_NET_ADMIN & 1) != 0;
}

static int write_file(const char *path, const char *text) {
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    const ssize_t length = (ssize_t)strlen(text);
    const int result = write(file, text, (size_t)length) == length ? 0 : -1;
    close(file);
    return result;
}

int lepton_private_network(void) {
    if (unshare(CLONE_NEWNET) == 0) return 0;
    if (errno != EPERM) return -1;
    char users[64], groups[64];
    snprintf(users, sizeof users, "0 %u 1", (unsigned)geteuid());
    snprintf(groups, sizeof groups, "0 %u 1", (unsigned)getegid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return -1;
    if (write_file("/proc/self/setgroups", "deny") != 0) return -1;
    if (write_file("/proc/self/uid_map", users) != 0) return -1;
    return write_file("/proc/self/gid_map", groups);
}

int lepton_packet_socket(const char *interface) {
    // Protocol zero: the socket sends and receives nothing.
    const int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    struct sockaddr_ll address;
    memset(&address, 0, sizeof address);
    address.sll_family = AF_PACKET;
    address.sll_ifindex = (int)if_nametoindex(interface);
    if (address.sll_ifindex == 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}
