#define _POSIX_C_SOURCE 200809L

#include "Library.h"

#include "CMosquitto.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

CMosquittoLibrary mosquitto;

static char problem[256];

static void load(void) {
  // The number of the library's interface since its version 1.0.
  void *library = dlopen("libmosquitto.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(problem, sizeof problem, "%s", reason ? reason : "libmosquitto.so.1");
    return;
  }
#define CMOSQUITTO_FIND(name) \
  mosquitto.name = (__typeof__(mosquitto.name))dlsym(library, #name); \
  if (!mosquitto.name && !problem[0]) snprintf(problem, sizeof problem, "the installed libmosquitto has no %s", #name);
  CMOSQUITTO_ALL(CMOSQUITTO_FIND)
#undef CMOSQUITTO_FIND
  if (problem[0]) return;
  mosquitto.mosquitto_lib_init();
  // OpenSSL writes without MSG_NOSIGNAL; a broker that is gone is an outcome, not a signal.
  struct sigaction now;
  if (!sigaction(SIGPIPE, NULL, &now) && now.sa_handler == SIG_DFL) signal(SIGPIPE, SIG_IGN);
}

const char *cmosquitto_missing(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return problem[0] ? problem : NULL;
}
