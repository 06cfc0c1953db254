// Sends the packets of a capture from memory, many with one system call, as fast as the machine can.
//
// usage: flood INTERFACE CAPTURE PACKETS
//
// Reads a pcap file (Ethernet, this machine's byte order) into memory and sends its frames round and round until PACKETS
// were sent. Prints how many were sent and in how many seconds. Bounded by the number of packets; made for namespaces of
// the tests alone.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { batch = 128 };

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **words) {
    if (count != 4) {
        fprintf(stderr, "usage: flood INTERFACE CAPTURE PACKETS\n");
        return 2;
    }
    long wanted = atol(words[3]);

    int file = open(words[2], O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0) fail(words[2]);
    const uint8_t *bytes = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (bytes == MAP_FAILED) fail("mmap");
    uint32_t magic = *(const uint32_t *)bytes;
    if (magic != 0xa1b2c3d4 && magic != 0xa1b23c4d) {
        fprintf(stderr, "flood: %s is no pcap file of this byte order\n", words[2]);
        return 2;
    }

    int sender = socket(AF_PACKET, SOCK_RAW, 0);
    if (sender < 0) fail("socket");
    int yes = 1, memory = 64 << 20;
    // Straight to the driver: no queueing discipline that could drop.
    if (setsockopt(sender, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes) != 0) fail("PACKET_QDISC_BYPASS");
    if (setsockopt(sender, SOL_SOCKET, SO_SNDBUFFORCE, &memory, sizeof memory) != 0) fail("SO_SNDBUFFORCE");
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(words[1])};
    if (bind(sender, (struct sockaddr *)&address, sizeof address) != 0) fail(words[1]);

    struct mmsghdr messages[batch];
    struct iovec parts[batch];
    memset(messages, 0, sizeof messages);
    for (int slot = 0; slot < batch; slot++) {
        messages[slot].msg_hdr.msg_iov = &parts[slot];
        messages[slot].msg_hdr.msg_iovlen = 1;
    }
    long sent = 0, place = 24;
    double begin = now();
    while (sent < wanted) {
        unsigned filled = 0;
        while (filled < batch && sent + filled < wanted) {
            if (place + 16 > status.st_size) place = 24;
            uint32_t captured = *(const uint32_t *)(bytes + place + 8);
            if (captured >= 14 && captured <= 1514) {
                parts[filled].iov_base = (void *)(bytes + place + 16);
                parts[filled].iov_len = captured;
                filled++;
            }
            place += 16 + captured;
        }
        for (unsigned done = 0; done < filled;) {
            int taken = sendmmsg(sender, messages + done, filled - done, 0);
            if (taken > 0) done += taken;
            // The driver's queue is full for a moment.
            else if (errno != ENOBUFS && errno != EAGAIN) fail("sendmmsg");
        }
        sent += filled;
    }
    double seconds = now() - begin;
    printf("%ld %.3f\n", sent, seconds);
    return 0;
}
