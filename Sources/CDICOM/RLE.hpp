#pragma once
#include <algorithm>

#include "Source.hpp"

/// Decodes one frame to interleaved little-endian samples; throws Fault.
void decodeRLE(const std::vector<uint8_t> &bytes, size_t pixels, unsigned samples, unsigned sampleBytes, uint8_t *out);
