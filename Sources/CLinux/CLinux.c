// Functions that need _GNU_SOURCE, which Swift's view of the headers does not have.
#define _GNU_SOURCE
#include "CLinux.h"

void lepton_name_thread(pthread_t thread, const char *name) {
    pthread_setname_np(thread, name);
}
