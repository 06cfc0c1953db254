// Privileges of the process that changes the network, and what a throw-away network needs.
#pragma once
#include <stdint.h>

/// An anonymous file in memory, or -1. Closed on exec.
int lepton_memory_file(const char *name);

/// Keeps CAP_NET_ADMIN alone, for this process and for the programs it starts, and forbids gaining more. 0 or -1.
int lepton_keep_only_net_admin(void);

/// Gives CAP_NET_ADMIN up for good. 0 or -1.
int lepton_drop_net_admin(void);

/// Whether the calling thread has CAP_NET_ADMIN in effect.
int lepton_has_net_admin(void);

/// Puts the calling thread into a network namespace of its own; without the privilege for it, the process into a user
/// namespace of its own first (which needs a process of one thread). 0 or -1.
int lepton_private_network(void);

/// A socket that sends whole Ethernet frames out of an interface, or -1.
int lepton_packet_socket(const char *interface);
