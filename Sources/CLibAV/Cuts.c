#include "CLibAVInternal.h"

#include <string.h>

// Whether a file holds less than its own structure states, for the containers whose reader in libav takes the
// end of the file for the end of the clip.

bool clibav_is_cut_riff(const char *path, int64_t bytes) {
  uint8_t head[8];
  FILE *file = fopen(path, "rb");
  if (!file) return false;
  bool whole = fread(head, 1, sizeof head, file) == sizeof head;
  fclose(file);
  if (!whole || memcmp(head, "RIFF", 4)) return false;
  uint32_t stated = head[4] | head[5] << 8 | head[6] << 16 | (uint32_t)head[7] << 24;
  return (int64_t)stated + 8 > bytes + 1; // the last padding byte is often left out
}

static bool skip(FILE *file, long count, int64_t bytes) {
  return fseek(file, count, SEEK_CUR) == 0 && ftell(file) <= bytes;
}

static bool skip_blocks(FILE *file, int64_t bytes) {
  for (;;) {
    int length = fgetc(file);
    if (length == EOF) return false;
    if (length == 0) return true;
    if (!skip(file, length, bytes)) return false;
  }
}

static long table_bytes(int flags) { return flags & 0x80 ? 3L << ((flags & 7) + 1) : 0; }

// GIF89a, sections 17 to 27.
int64_t clibav_whole_gif_images(const char *path, int64_t bytes) {
  FILE *file = fopen(path, "rb");
  if (!file) return -1;
  int64_t images = 0;
  bool cut = true;
  uint8_t screen[13], image[9];
  if (fread(screen, 1, sizeof screen, file) == sizeof screen && skip(file, table_bytes(screen[10]), bytes)) {
    for (;;) {
      int kind = fgetc(file);
      if (kind == 0x21) {
        if (fgetc(file) == EOF || !skip_blocks(file, bytes)) break;
      } else if (kind == 0x2C) {
        if (fread(image, 1, sizeof image, file) != sizeof image) break;
        if (!skip(file, table_bytes(image[8]), bytes) || fgetc(file) == EOF || !skip_blocks(file, bytes)) break;
        images++;
      } else {
        cut = false; // the trailer, its absence or something that libav may make sense of
        break;
      }
    }
  }
  fclose(file);
  return cut ? images : -1;
}
