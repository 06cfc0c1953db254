// The system's libcrypto, for the keys that QUIC puts around its first packets.
#pragma once
#include <openssl/evp.h>
#include <openssl/hmac.h>
