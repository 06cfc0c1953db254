// Packet sockets (packet(7)) and what an interface says about itself.
#pragma once
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdint.h>

/// Reads a word that the kernel writes: what it wrote before is visible afterwards.
static inline uint32_t lepton_load_acquire(const volatile uint32_t *word) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/// Writes a word that the kernel reads: what was done before is done by then.
static inline void lepton_store_release(volatile uint32_t *word, uint32_t value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/// What an interface is.
struct lepton_interface {
    int32_t index;
    /// The link type (LINKTYPE_*) of what a raw packet socket gives for it; -1 when that is none that is decoded.
    int32_t link_type;
    /// The kernel's number for its kind of hardware (ARPHRD_*), for messages.
    int32_t hardware;
    int32_t is_up;
    int32_t is_loopback;
};

/// Looks an interface up by name. Returns 0, or an error number.
int lepton_interface_find(int socket, const char *name, struct lepton_interface *found);

/// What an interface does to packets before they are captured; -1 where it does not tell.
struct lepton_offload {
    /// Generic receive offload: segments are joined.
    int32_t gro;
    /// Large receive offload: segments are joined by the hardware.
    int32_t lro;
    /// Segmentation offload: own packets are captured before they are divided.
    int32_t tso;
    /// Own packets are captured before their checksum is there.
    int32_t transmit_checksum;
};

/// Asks an interface what it offloads.
void lepton_interface_offload(int socket, const char *name, struct lepton_offload *found);

/// Attaches a classic BPF program in place of the one before. Returns 0, or an error number.
int lepton_attach_filter(int socket, const void *instructions, uint16_t count);

/// Takes the kernel's counters since the last call. Returns 0, or an error number.
int lepton_take_packet_counters(int socket, uint32_t *packets, uint32_t *drops);
