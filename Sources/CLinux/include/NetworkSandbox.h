// What a throw-away network and the programs that change one need.
#pragma once
#include <stdint.h>

/// An anonymous file in memory, or -1. Closed on exec.
int lepton_memory_file(const char *name);

/// Puts the calling thread into a network namespace of its own; without the privilege for it, the process into a user
/// namespace of its own first (which needs a process of one thread). 0 or -1.
int lepton_private_network(void);

/// A socket that sends whole Ethernet frames out of an interface, or -1.
int lepton_packet_socket(const char *interface);
