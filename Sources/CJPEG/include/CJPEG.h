// A small face of the JPEG codecs: libjpeg-turbo for 8-bit DCT, DCMTK's codecs for lossless and for 12 bits.
// Errors come back as values, so that neither longjmp nor C++ exceptions leave this target.
#ifndef BRAID_CJPEG_H
#define BRAID_CJPEG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CJPEG_OK = 0,
  CJPEG_TRUNCATED,
  CJPEG_MALFORMED,
  CJPEG_UNSUPPORTED,
  CJPEG_SCANS,  // more scans than allowed
  CJPEG_MEMORY,
  CJPEG_STOPPED,
} cjpeg_status;

typedef struct {
  const uint8_t *bytes;
  size_t count;
  uint32_t width, height;  // of the picture to be handed out, at the scale asked for
  int channels;            // 1, 3 or 4 (CMYK as stored)
  int scale;               // eighths, 1 to 8
  int maximum_scans;
  int (*stop)(void);       // non-zero: give up; asked a few times a scan
} cjpeg_request;

typedef struct {
  char message[200];  // the codec's words for the failure
  uint64_t offset;    // byte at which it happened, as far as the codec tells
  int warnings;       // corrupt places that the codec papered over
} cjpeg_report;

// Decodes an 8-bit DCT file (baseline, extended, progressive; Huffman or arithmetic) into `target`, which holds
// height x width x channels bytes. CMYK and YCCK become RGB where `channels` is 3.
cjpeg_status cjpeg_decode(const cjpeg_request *request, uint8_t *target, cjpeg_report *report);

// Decodes a lossless file of 2 to 16 bits or a DCT file of 12 bits; samples of more than 8 bits are written as
// uint16_t. `convert`: turn YCbCr into RGB where the file says that it is YCbCr. `scale` must be 8.
cjpeg_status cjpeg_decode_wide(
  const cjpeg_request *request, int bits, int convert, uint8_t *target, cjpeg_report *report);

#ifdef __cplusplus
}
#endif
#endif
