// Functions that need _GNU_SOURCE, which Swift's view of the headers does not have.
#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

void lepton_name_thread(unsigned long thread, const char *name) {
    pthread_setname_np(thread, name);
}

int lepton_contains(const void *bytes, size_t count, const void *part, size_t length) {
    return memmem(bytes, count, part, length) != NULL;
}

void lepton_return_memory(void) {
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 2 << 20);
    mallopt(M_ARENA_MAX, 4);
}

int lepton_wake_descriptor(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int lepton_signal_descriptor(const int *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t place = 0; place < count; place++) sigaddset(&set, signals[place]);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int lepton_take_signal(int descriptor) {
    struct signalfd_siginfo information;
    return read(descriptor, &information, sizeof information) == sizeof information ? (int)information.ssi_signo : 0;
}

int lepton_accept(int socket) {
    return accept4(socket, NULL, NULL, SOCK_CLOEXEC);
}

int lepton_peer(int socket, uint32_t *user, uint32_t *group) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return errno;
    *user = peer.uid;
    *group = peer.gid;
    return 0;
}
