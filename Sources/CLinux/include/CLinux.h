// What Swift's Glibc module lacks: cache prefetch, pause, futex, thread names, packet sockets, confinement. What is
// needed per packet is inline.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "Confinement.h"
#include "LinuxPacket.h"
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "NetworkSandbox.h"

/// Asks for the cache line at `address`, to be read soon.
static inline void lepton_prefetch_read(const void *address) {
    __builtin_prefetch(address, 0, 3);
}

/// Asks for the cache line at `address`, to be written soon.
static inline void lepton_prefetch_write(const void *address) {
    __builtin_prefetch(address, 1, 3);
}

/// Four words and four numbers, as the compiler's vector extension has them: the header with the processor's intrinsics
/// would bring half the C library into this module.
typedef uint32_t lepton_words __attribute__((vector_size(16)));
typedef float lepton_numbers __attribute__((vector_size(16)));

/// Which of 16 words equal `tag` in the bits of `mask`: bit i of the result is word i's. `words` is aligned to 16 bytes;
/// nobody else may write them meanwhile.
static inline uint32_t lepton_match_words(const void *words, uint32_t tag, uint32_t mask) {
    uint32_t matches = 0;
#if defined(__SSE2__)
    for (int part = 0; part < 4; part++) {
        lepton_words differences = (((const lepton_words *)words)[part] ^ tag) & mask;
        matches |= (uint32_t)__builtin_ia32_movmskps((lepton_numbers)(differences == 0)) << (4 * part);
    }
#else
    for (int word = 0; word < 16; word++) {
        matches |= (uint32_t)(((((const uint32_t *)words)[word] ^ tag) & mask) == 0) << word;
    }
#endif
    return matches;
}

/// Tells the processor that this thread is in a spin loop.
static inline void lepton_spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Sleeps while `*word` equals `expected`, until woken. Spurious returns are allowed.
static inline void lepton_futex_wait(const void *word, uint32_t expected) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, (void *)0, (void *)0, 0);
}

/// Wakes every thread that sleeps on `word`.
static inline void lepton_futex_wake_all(const void *word) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 0x7fffffff, (void *)0, (void *)0, 0);
}

/// Whether `count` bytes at `bytes` contain the `length` bytes at `part`.
int lepton_contains(const void *bytes, size_t count, const void *part, size_t length);

/// Has the allocator give back what a burst took (mallopt). Left to itself it raises the size from which on it returns memory
/// at once to that of the largest block it has seen, 32 MiB at most, and keeps an arena for each thread: a process with ten
/// outputs would hold the worst minute of each of them for ever. Call before threads are started.
void lepton_return_memory(void);

/// A descriptor that can be read after 8 bytes were written to it, to wake a thread that waits in poll; -1 on failure.
int lepton_wake_descriptor(void);

/// A descriptor that gives these signals, which must be blocked; -1 on failure.
int lepton_signal_descriptor(const int *signals, size_t count);

/// Takes the next signal off such a descriptor; zero when there is none.
int lepton_take_signal(int descriptor);

/// Accepts a caller of a listening socket; -1 when there is none.
int lepton_accept(int socket);

/// The user and group of the process at the other end of a Unix socket. Returns 0, or an error number.
int lepton_peer(int socket, uint32_t *user, uint32_t *group);

/// Names a thread (a pthread_t) for `top -H` and the like; at most 15 bytes.
void lepton_name_thread(unsigned long thread, const char *name);
