// Names of flows by libndpi, with every byte counted that flows make it allocate.
#include "CNDPI.h"

#ifdef NDPI
#include <malloc.h>
#include <ndpi/ndpi_api.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// Later versions want another argument for a packet, earlier ones know no confidence.
#if NDPI_MAJOR != 4 || NDPI_MINOR != 2
#error "the package trait NDPI is written for libndpi 4.2, as Debian 12 has it"
#endif

struct lepton_namer {
    struct ndpi_detection_module_struct *module;
    int64_t bytes;
};

struct lepton_named_flow {
    ndpi_protocol protocol;
    struct ndpi_flow_struct flow;
};

// libndpi allocates through functions of ours. They have no argument that says for whom: the caller notes it here.
static _Thread_local int64_t *counted;

static void *allocate(size_t size) {
    void *block = malloc(size);
    if (counted && block) *counted += (int64_t)malloc_usable_size(block);
    return block;
}

static void release(void *block) {
    if (counted && block) *counted -= (int64_t)malloc_usable_size(block);
    free(block);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
// Making a module sets up libgcrypt, which two threads must not do at once.
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static void replace_allocation(void) {
    set_ndpi_malloc(allocate);
    set_ndpi_free(release);
    set_ndpi_flow_malloc(allocate);
    set_ndpi_flow_free(release);
}

lepton_namer *lepton_namer_make(void) {
    pthread_once(&once, replace_allocation);
    if (ndpi_get_api_version() != NDPI_API_VERSION) return NULL;
    lepton_namer *namer = calloc(1, sizeof *namer);
    if (!namer) return NULL;
    pthread_mutex_lock(&making);
    namer->module = ndpi_init_detection_module(ndpi_no_prefs);
    if (namer->module) {
        NDPI_PROTOCOL_BITMASK all;
        NDPI_BITMASK_SET_ALL(all);
        ndpi_set_protocol_detection_bitmask2(namer->module, &all);
        ndpi_finalize_initialization(namer->module);
    }
    pthread_mutex_unlock(&making);
    if (!namer->module) {
        free(namer);
        return NULL;
    }
    return namer;
}

void lepton_namer_free(lepton_namer *namer) {
    ndpi_exit_detection_module(namer->module);
    free(namer);
}

int64_t lepton_namer_bytes(const lepton_namer *namer) {
    return namer->bytes;
}

lepton_named_flow *lepton_namer_open(lepton_namer *namer) {
    counted = &namer->bytes;
    lepton_named_flow *flow = allocate(sizeof *flow);
    counted = NULL;
    if (flow) memset(flow, 0, sizeof *flow);
    return flow;
}

void lepton_namer_close(lepton_namer *namer, lepton_named_flow *flow) {
    counted = &namer->bytes;
    ndpi_free_flow_data(&flow->flow);
    release(flow);
    counted = NULL;
}

bool lepton_namer_feed(
    lepton_namer *namer, lepton_named_flow *flow, const uint8_t *packet, uint16_t length, uint64_t milliseconds) {
    counted = &namer->bytes;
    flow->protocol = ndpi_detection_process_packet(namer->module, &flow->flow, packet, length, milliseconds);
    bool goes_on = flow->protocol.app_protocol == NDPI_PROTOCOL_UNKNOWN ||
                   ndpi_extra_dissection_possible(namer->module, &flow->flow);
    counted = NULL;
    return goes_on;
}

lepton_flow_name lepton_namer_name(lepton_namer *namer, const lepton_named_flow *flow) {
    (void)namer;
    return (lepton_flow_name){
        .master = flow->protocol.master_protocol,
        .application = flow->protocol.app_protocol,
        .category = (uint16_t)flow->protocol.category,
        .confidence = (uint8_t)flow->flow.confidence,
    };
}

lepton_flow_name lepton_namer_conclude(lepton_namer *namer, lepton_named_flow *flow) {
    if (flow->protocol.app_protocol == NDPI_PROTOCOL_UNKNOWN) {
        counted = &namer->bytes;
        u_int8_t was_guessed = 0;
        flow->protocol = ndpi_detection_giveup(namer->module, &flow->flow, 1, &was_guessed);
        counted = NULL;
    }
    return lepton_namer_name(namer, flow);
}

static ndpi_protocol protocol_of(lepton_flow_name name) {
    ndpi_protocol protocol = {0};
    protocol.master_protocol = name.master;
    protocol.app_protocol = name.application;
    protocol.category = name.category;
    return protocol;
}

void lepton_namer_text(lepton_namer *namer, lepton_flow_name name, char text[lepton_flow_name_length]) {
    text[0] = 0;
    ndpi_protocol2name(namer->module, protocol_of(name), text, lepton_flow_name_length);
}

const char *lepton_namer_category(lepton_namer *namer, lepton_flow_name name) {
    return ndpi_category_get_name(namer->module, name.category);
}

const char *lepton_namer_confidence(lepton_flow_name name) {
    return ndpi_confidence_get_name((ndpi_confidence_t)name.confidence);
}
#endif
