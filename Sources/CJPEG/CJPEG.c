#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// libjpeg's headers need the ones above.
#include <jpeglib.h>
#include <jerror.h>

enum { ROWS = 16 };

typedef struct {
  struct jpeg_decompress_struct codec;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  const cjpeg_request *request;
  cjpeg_report *report;
  cjpeg_status status;
  int ran_out, starved;  // the file ended; entropy-coded data ended before a scan did
  JDIMENSION ran_out_row;
  uint8_t *line;
} decoding;

static decoding *of(j_common_ptr codec) { return codec->client_data; }

static cjpeg_status kind(const decoding *s) {
  switch (s->errors.msg_code) {
    case JERR_SOF_UNSUPPORTED: case JERR_BAD_PRECISION: case JERR_CONVERSION_NOTIMPL: case JERR_ARITH_NOTIMPL:
    case JERR_NOT_COMPILED: case JERR_CCIR601_NOTIMPL: case JERR_FRACT_SAMPLE_NOTIMPL: case JERR_EMPTY_IMAGE:
      return CJPEG_UNSUPPORTED;
    case JERR_OUT_OF_MEMORY: return CJPEG_MEMORY;
    default: return s->ran_out ? CJPEG_TRUNCATED : CJPEG_MALFORMED;
  }
}

static void leave(decoding *s, cjpeg_status status) {
  s->status = status;
  longjmp(s->escape, 1);
}

static void fail(j_common_ptr codec) {
  decoding *s = of(codec);
  codec->err->format_message(codec, s->report->message);
  leave(s, kind(s));
}

static void emit(j_common_ptr codec, int level) {
  if (level >= 0) return;
  decoding *s = of(codec);
  s->report->warnings++;
  if (codec->err->msg_code == JWRN_HIT_MARKER) s->starved = 1;
}

static void output(j_common_ptr codec) { (void)codec; }

static void init_source(j_decompress_ptr codec) { (void)codec; }

// After the last byte an end marker is handed out, so that what is there can be finished and judged.
static boolean fill(j_decompress_ptr codec) {
  static const JOCTET end[] = {0xFF, JPEG_EOI};
  decoding *s = of((j_common_ptr)codec);
  if (!s->ran_out) s->ran_out_row = codec->input_iMCU_row;
  s->ran_out = 1;
  codec->src->next_input_byte = end;
  codec->src->bytes_in_buffer = sizeof end;
  return TRUE;
}

static void skip(j_decompress_ptr codec, long count) {
  if (count <= 0) return;
  struct jpeg_source_mgr *source = codec->src;
  if ((size_t)count > source->bytes_in_buffer) {
    fill(codec);
  } else {
    source->next_input_byte += count;
    source->bytes_in_buffer -= (size_t)count;
  }
}

static void monitor(j_common_ptr codec) {
  decoding *s = of(codec);
  if (s->codec.input_scan_number > s->request->maximum_scans) leave(s, CJPEG_SCANS);
  if (s->request->stop && s->request->stop()) leave(s, CJPEG_STOPPED);
}

/* The loader picks a clone before the thread sanitizer stands, whose checks the picking would then run into. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !__has_feature(thread_sanitizer)
#define PER_CPU __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define PER_CPU
#endif

static inline uint8_t light(uint16_t ink, uint16_t black) {
  uint16_t product = (uint16_t)(ink * black + 128);
  return (uint8_t)((uint16_t)(product + (product >> 8)) >> 8);
}

// Adobe writes CMYK inverted, 255 for no ink, and so does everyone after it: colour = ink' * black' / 255.
PER_CPU static void show_cmyk(const uint8_t *restrict cmyk, uint8_t *restrict rgb, size_t width) {
  for (size_t x = 0; x < width; x++) {
    uint16_t black = cmyk[4 * x + 3];
    rgb[3 * x] = light(cmyk[4 * x], black);
    rgb[3 * x + 1] = light(cmyk[4 * x + 1], black);
    rgb[3 * x + 2] = light(cmyk[4 * x + 2], black);
  }
}

// Whether the end of the file took something from the picture, rather than the end marker alone.
static int lost(const decoding *s) {
  const struct jpeg_decompress_struct *codec = &s->codec;
  if (!s->ran_out) return 0;
  // Huffman decoding notices missing bits; arithmetic decoding reads zeros, and only the place tells.
  if (s->starved || (codec->arith_code && s->ran_out_row + 1 < codec->total_iMCU_rows)) return 1;
  for (int c = 0; c < codec->num_components; c++) {
    if (!codec->comp_info[c].quant_table) return 1;  // no scan of this component
    for (int k = 0; codec->progressive_mode && k < DCTSIZE2; k++)
      if (codec->coef_bits[c][k] != 0) return 1;  // scans that refine it are missing
  }
  return 0;
}

static void decode(decoding *s, uint8_t *target) {
  j_decompress_ptr codec = &s->codec;
  const cjpeg_request *request = s->request;
  jpeg_create_decompress(codec);
  codec->client_data = s;
  codec->src = &s->source;
  codec->progress = &s->progress;
  jpeg_read_header(codec, TRUE);
  codec->scale_num = (unsigned)request->scale;
  codec->scale_denom = 8;
  int inks = codec->num_components == 4;
  codec->out_color_space = inks ? JCS_CMYK : codec->num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(codec);
  if (codec->output_width != request->width || codec->output_height != request->height
      || (codec->output_components != request->channels && !(inks && request->channels == 3))) {
    strcpy(s->report->message, "the frame header changes on the way");
    leave(s, CJPEG_MALFORMED);
  }
  size_t stride = (size_t)request->width * (size_t)request->channels;
  if (inks && request->channels == 3) {
    s->line = malloc(4 * (size_t)request->width);
    if (!s->line) leave(s, CJPEG_MEMORY);
    while (codec->output_scanline < codec->output_height) {
      uint8_t *row = target + codec->output_scanline * stride;
      if (jpeg_read_scanlines(codec, &s->line, 1) == 1) show_cmyk(s->line, row, request->width);
    }
  }
  while (codec->output_scanline < codec->output_height) {
    JSAMPROW rows[ROWS];
    JDIMENSION count = codec->output_height - codec->output_scanline;
    if (count > ROWS) count = ROWS;
    for (JDIMENSION r = 0; r < count; r++) rows[r] = target + (codec->output_scanline + r) * stride;
    jpeg_read_scanlines(codec, rows, count);
  }
  jpeg_finish_decompress(codec);  // what follows the last row must be in order too
  if (lost(s)) {
    strcpy(s->report->message, "the image data end early");
    leave(s, CJPEG_TRUNCATED);
  }
}

cjpeg_status cjpeg_decode(const cjpeg_request *request, uint8_t *target, cjpeg_report *report) {
  memset(report, 0, sizeof *report);
  decoding *s = calloc(1, sizeof *s);
  if (!s) return CJPEG_MEMORY;
  s->request = request, s->report = report;
  s->codec.err = jpeg_std_error(&s->errors);
  s->codec.client_data = s;
  s->errors.error_exit = fail, s->errors.emit_message = emit, s->errors.output_message = output;
  s->progress.progress_monitor = monitor;
  s->source = (struct jpeg_source_mgr){
    .next_input_byte = request->bytes, .bytes_in_buffer = request->count, .init_source = init_source,
    .fill_input_buffer = fill, .skip_input_data = skip, .resync_to_restart = jpeg_resync_to_restart,
    .term_source = init_source};
  if (!setjmp(s->escape)) decode(s, target);
  report->offset = s->ran_out ? request->count : request->count - s->source.bytes_in_buffer;
  cjpeg_status status = s->status;
  jpeg_destroy_decompress(&s->codec);
  free(s->line);
  free(s);
  return status;
}
