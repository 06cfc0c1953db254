// SHA-1 by the SHA extensions of x86-64 (Intel, Intel SHA Extensions, 2013). Other processors have the portable form in
// the Digest module.
#include "CDigest.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

static bool has_sha1;

__attribute__((constructor)) static void detect(void) {
    unsigned eax, ebx, ecx, edx;
    bool has_shuffle = __get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & bit_SSSE3) && (ecx & bit_SSE4_1);
    has_sha1 = has_shuffle && __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & bit_SHA);
}

bool lepton_has_sha1(void) {
    return has_sha1;
}

// Rounds 4 * GROUP to 4 * GROUP + 3. `e` holds the state of four rounds before, whose first word, rotated, is the fifth
// word now; the schedule's last 16 words are in `words`.
#define ROUNDS(GROUP)                                                                                                   \
    {                                                                                                                   \
        __m128i *word = &words[(GROUP) & 3];                                                                            \
        if ((GROUP) >= 4) {                                                                                             \
            __m128i mixed = _mm_sha1msg1_epu32(*word, words[((GROUP) + 1) & 3]);                                        \
            mixed = _mm_xor_si128(mixed, words[((GROUP) + 2) & 3]);                                                     \
            *word = _mm_sha1msg2_epu32(mixed, words[((GROUP) + 3) & 3]);                                                \
        }                                                                                                               \
        __m128i sum = (GROUP) == 0 ? _mm_add_epi32(e, *word) : _mm_sha1nexte_epu32(e, *word);                           \
        e = abcd;                                                                                                       \
        abcd = _mm_sha1rnds4_epu32(abcd, sum, (GROUP) / 5);                                                             \
    }

__attribute__((target("sha,ssse3,sse4.1"))) void lepton_sha1_block(uint32_t *state, const uint8_t *block) {
    const __m128i big_endian = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
    __m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0x1b);
    __m128i e = _mm_set_epi32((int)state[4], 0, 0, 0);
    const __m128i abcd_before = abcd, e_before = e;
    __m128i words[4];
    for (int index = 0; index < 4; index++) {
        words[index] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)block + index), big_endian);
    }
    ROUNDS(0) ROUNDS(1) ROUNDS(2) ROUNDS(3) ROUNDS(4)
    ROUNDS(5) ROUNDS(6) ROUNDS(7) ROUNDS(8) ROUNDS(9)
    ROUNDS(10) ROUNDS(11) ROUNDS(12) ROUNDS(13) ROUNDS(14)
    ROUNDS(15) ROUNDS(16) ROUNDS(17) ROUNDS(18) ROUNDS(19)
    e = _mm_sha1nexte_epu32(e, e_before);
    abcd = _mm_add_epi32(abcd, abcd_before);
    _mm_storeu_si128((__m128i *)state, _mm_shuffle_epi32(abcd, 0x1b));
    state[4] = (uint32_t)_mm_extract_epi32(e, 3);
}

#else

bool lepton_has_sha1(void) {
    return false;
}

void lepton_sha1_block(uint32_t *state, const uint8_t *block) {
    (void)state;
    (void)block;
    __builtin_trap();
}

#endif
