// The system's zlib and zstd, for compressed captures. zlib's `inflateInit2` is a macro that Swift cannot import.
#pragma once
#include <zlib.h>
#include <zstd.h>

/// Starts an inflate stream that recognises gzip and zlib headers by itself.
static inline int lepton_inflate_init(z_stream *stream) {
    return inflateInit2(stream, 15 + 32);
}
