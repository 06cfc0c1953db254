// The part of libndpi that names flows, behind functions that Swift can call. They are only declared without the package
// trait NDPI.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// libndpi's tables, and a count of what is allocated for flows beside them. One thread at a time uses it.
typedef struct lepton_namer lepton_namer;
/// A flow that libndpi is looking at.
typedef struct lepton_named_flow lepton_named_flow;

/// What libndpi says of a flow. Numbers are libndpi's; zero is "unknown".
typedef struct {
    uint16_t master;
    uint16_t application;
    uint16_t category;
    uint8_t confidence;
} lepton_flow_name;

/// Bytes that `lepton_namer_text` needs at most, with the final zero.
enum { lepton_flow_name_length = 128 };

/// NULL when libndpi is another version than the one compiled against, or memory is short.
lepton_namer *lepton_namer_make(void);
void lepton_namer_free(lepton_namer *namer);

/// Bytes allocated now for flows, by libndpi and by this.
int64_t lepton_namer_bytes(const lepton_namer *namer);

/// NULL when memory is short.
lepton_named_flow *lepton_namer_open(lepton_namer *namer);
void lepton_namer_close(lepton_namer *namer, lepton_named_flow *flow);

/// Shows a packet, which begins with its IP header, to libndpi. Returns whether further packets may tell more.
bool lepton_namer_feed(
    lepton_namer *namer, lepton_named_flow *flow, const uint8_t *packet, uint16_t length, uint64_t milliseconds);

/// What is known of the flow.
lepton_flow_name lepton_namer_name(lepton_namer *namer, const lepton_named_flow *flow);

/// The same after the last packet: where content said nothing, ports and addresses may. Call once.
lepton_flow_name lepton_namer_conclude(lepton_namer *namer, lepton_named_flow *flow);

/// Writes a name's text, such as "TLS.Wikipedia".
void lepton_namer_text(lepton_namer *namer, lepton_flow_name name, char text[lepton_flow_name_length]);
/// Text that lives as long as `namer`.
const char *lepton_namer_category(lepton_namer *namer, lepton_flow_name name);
const char *lepton_namer_confidence(lepton_flow_name name);

