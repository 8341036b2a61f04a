#include "Library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

CLibAVLibrary libav;

static char problem[256];

static void *open_library(const char *name) {
  void *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
  if (!library && !problem[0]) {
    const char *reason = dlerror();
    snprintf(problem, sizeof problem, "%s", reason ? reason : name);
  }
  return library;
}

static void *find(void *library, const char *name) {
  void *function = library ? dlsym(library, name) : NULL;
  if (!function && !problem[0]) snprintf(problem, sizeof problem, "the installed libav has no %s", name);
  return function;
}

// Libraries stay open to the end: their threads and tables may be in use until then.
static void load(void) {
#define CLIBAV_NAME(library, major) "lib" library ".so." AV_STRINGIFY(major)
#define CLIBAV_FIND(name) libav.name = (__typeof__(libav.name))find(library, #name);
  void *library = open_library(CLIBAV_NAME("avutil", LIBAVUTIL_VERSION_MAJOR));
  CLIBAV_UTIL(CLIBAV_FIND)
  library = open_library(CLIBAV_NAME("avcodec", LIBAVCODEC_VERSION_MAJOR));
  CLIBAV_CODEC(CLIBAV_FIND)
  CLIBAV_SIDE_CODEC(CLIBAV_FIND)
  library = open_library(CLIBAV_NAME("avformat", LIBAVFORMAT_VERSION_MAJOR));
  CLIBAV_FORMAT(CLIBAV_FIND)
  CLIBAV_SIDE_FORMAT(CLIBAV_FIND)
  library = open_library(CLIBAV_NAME("swscale", LIBSWSCALE_VERSION_MAJOR));
  CLIBAV_SCALE(CLIBAV_FIND)
#undef CLIBAV_FIND
#undef CLIBAV_NAME
}

const char *clibav_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return problem[0] ? problem : NULL;
}
