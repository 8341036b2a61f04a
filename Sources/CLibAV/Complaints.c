#include "CLibAVInternal.h"

#include <pthread.h>
#include <string.h>

// libav has one log for the whole process; each thread notes the first error it caused, so that the reason
// of a refusal is the cause and not its last echo.
static _Thread_local char complaint[256];

static void note(void *source, int level, const char *format, va_list arguments) {
  if (level > AV_LOG_ERROR || complaint[0]) return;
  char line[224];
  vsnprintf(line, sizeof line, format, arguments);
  size_t length = strlen(line);
  while (length && (line[length - 1] == '\n' || line[length - 1] == ' ' || line[length - 1] == '.'))
    line[--length] = 0;
  // Names and control characters of a broken file stay out of the message.
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)line[i] < 0x20 || (unsigned char)line[i] > 0x7e) line[i] = '?';
  const char *name = NULL;
  if (source) {
    AVClass *class = *(AVClass **)source;
    if (class) name = class->item_name(source);
  }
  if (!length) return;
  if (name && !strchr(name, '/')) snprintf(complaint, sizeof complaint, "%s: %s", name, line);
  else snprintf(complaint, sizeof complaint, "%s", line);
}

static void install(void) { libav.av_log_set_callback(note); }

void clibav_quiet(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
}

void clibav_forget_complaints(void) { complaint[0] = 0; }

const char *clibav_complaint(void) { return complaint; }

int clibav_fail(CLibAVClip *clip, int error) {
  if (complaint[0]) snprintf(clip->reason, sizeof clip->reason, "%s", complaint);
  else libav.av_strerror(error, clip->reason, sizeof clip->reason);
  switch (error) {
  case AVERROR(ENOMEM): return CLIBAV_NO_MEMORY;
  case AVERROR(ENOENT):
  case AVERROR(EACCES):
  case AVERROR(EPERM): return CLIBAV_NOT_FOUND;
  case AVERROR_EXIT: return CLIBAV_CANCELLED;
  case AVERROR_EOF: return CLIBAV_SHORT;
  case AVERROR_DECODER_NOT_FOUND: return CLIBAV_NO_DECODER;
  default: return CLIBAV_MALFORMED;
  }
}
