// Anchor: a C target needs one source file; everything of CLinux is inline in its header.
#include "CLinux.h"
