// SHA-1 by the processor's own instructions, which Swift has no names for.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Whether this processor has instructions for SHA-1 and `lepton_sha1_block` may be called.
bool lepton_has_sha1(void);

/// Adds one block of 64 bytes to a SHA-1 state of five words (FIPS 180-4, section 6.1.2).
void lepton_sha1_block(uint32_t *state, const uint8_t *block);
