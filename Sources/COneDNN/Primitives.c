#define _GNU_SOURCE
#include "Primitives.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "Memory.h"
#include "Products.h"

// The table belongs to one thread: primitives hold memories whose pointers change at each run.
enum { slots = 1024, most = 700 };

typedef struct {
  dnnl_stream_t stream;
  braid_primitive *entries[slots];
  int count;
} thread_state;

static dnnl_engine_t engine;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static void (*set_threads)(int);
static _Thread_local thread_state *state;

static void discard(braid_primitive *p) {
  for (int i = 0; i < p->count; i++) dnnl_memory_destroy(p->memories[i]);
  if (p->primitive) dnnl_primitive_destroy(p->primitive);
  if (p->reorder) dnnl_primitive_destroy(p->reorder);
  if (p->plain) dnnl_memory_destroy(p->plain);
  if (p->blocked) dnnl_memory_destroy(p->blocked);
  braid_release(p->blocked_data);
  memset(p, 0, sizeof *p);
}

static void clear(thread_state *s) {
  for (int i = 0; i < slots; i++) {
    if (!s->entries[i]) continue;
    discard(s->entries[i]);
    free(s->entries[i]);
    s->entries[i] = NULL;
  }
  s->count = 0;
}

static void end_thread(void *p) {
  thread_state *s = p;
  clear(s);
  if (s->stream) dnnl_stream_destroy(s->stream);
  free(s);
  state = NULL;
}

static void start(void) {
  dnnl_engine_create(&engine, dnnl_cpu, 0);
  pthread_key_create(&key, end_thread);
  // Debian's oneDNN runs on OpenMP; a build on another runtime has no such symbol and needs no such call.
  set_threads = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
}

static thread_state *current(void) {
  if (state) return state;
  pthread_once(&once, start);
  state = calloc(1, sizeof *state);
  if (!state) return NULL;
  if (set_threads) set_threads(1);
  dnnl_stream_create(&state->stream, engine, dnnl_stream_default_flags);
  pthread_setspecific(key, state);
  return state;
}

void braid_single_thread(void) { current(); }
dnnl_engine_t braid_engine(void) {
  pthread_once(&once, start);
  return engine;
}
dnnl_stream_t braid_stream(void) {
  thread_state *s = current();
  return s ? s->stream : NULL;
}

braid_primitive *braid_find(const void *bytes, size_t count, int kind) {
  thread_state *s = current();
  if (!s) return NULL;
  unsigned char wanted[key_bytes] = {0};
  memcpy(wanted, bytes, count);
  wanted[key_bytes - 1] = (unsigned char)kind;
  uint64_t hash = 1469598103934665603ull;
  for (int i = 0; i < key_bytes; i += 8) {
    uint64_t word;
    memcpy(&word, wanted + i, 8);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15ull;
    hash ^= hash >> 29;
  }
  // Shapes without end (text of every length) must not fill memory; oneDNN keeps its own cache behind this.
  if (s->count > most) clear(s);
  size_t at = hash % slots;
  while (s->entries[at]) {
    braid_primitive *e = s->entries[at];
    if (e->hash == hash && memcmp(e->key, wanted, key_bytes) == 0) return e;
    at = (at + 1) % slots;
  }
  braid_primitive *e = calloc(1, sizeof *e);
  if (!e) return NULL;
  e->hash = hash;
  memcpy(e->key, wanted, key_bytes);
  s->entries[at] = e;
  s->count++;
  return e;
}

// Takes the primitive out of a half-made entry; the empty entry stays so that probing goes on over it.
void braid_forget(braid_primitive *p) {
  uint64_t hash = p->hash;
  unsigned char kept[key_bytes];
  memcpy(kept, p->key, key_bytes);
  discard(p);
  p->hash = hash;
  memcpy(p->key, kept, key_bytes);
}

dnnl_status_t braid_add_memory(braid_primitive *p, int argument, const dnnl_memory_desc_t *desc) {
  dnnl_status_t s = dnnl_memory_create(&p->memories[p->count], desc, braid_engine(), DNNL_MEMORY_NONE);
  if (s == dnnl_success) p->arguments[p->count++] = argument;
  return s;
}

dnnl_status_t braid_run(braid_primitive *p, void *const *data) {
  dnnl_exec_arg_t args[max_arguments];
  for (int i = 0; i < p->count; i++) {
    dnnl_status_t s = dnnl_memory_set_data_handle(p->memories[i], data[i]);
    if (s != dnnl_success) return s;
    args[i] = (dnnl_exec_arg_t){p->arguments[i], p->memories[i]};
  }
  dnnl_stream_t stream = braid_stream();
  dnnl_status_t s = dnnl_primitive_execute(p->primitive, stream, p->count, args);
  return s != dnnl_success ? s : dnnl_stream_wait(stream);
}

dnnl_data_type_t braid_data_type(int32_t type) { return type == 1 ? dnnl_bf16 : dnnl_f32; }

int braid_has_bf16(void) {
#if defined(__x86_64__)
  dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();
  return (isa & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
#else
  return 0;
#endif
}

dnnl_status_t braid_reorder(const dnnl_memory_desc_t *from, const void *source, const dnnl_memory_desc_t *to, void *target) {
  dnnl_primitive_desc_t pd = NULL;
  dnnl_primitive_t move = NULL;
  dnnl_memory_t a = NULL, b = NULL;
  dnnl_stream_t stream = braid_stream();
  dnnl_status_t s = dnnl_reorder_primitive_desc_create(&pd, from, braid_engine(), to, braid_engine(), NULL);
  if (s) return s;
  if ((s = dnnl_primitive_create(&move, pd))) goto done;
  if ((s = dnnl_memory_create(&a, from, braid_engine(), (void *)source))) goto done;
  if ((s = dnnl_memory_create(&b, to, braid_engine(), target))) goto done;
  dnnl_exec_arg_t args[2] = {{DNNL_ARG_FROM, a}, {DNNL_ARG_TO, b}};
  if ((s = dnnl_primitive_execute(move, stream, 2, args))) goto done;
  s = dnnl_stream_wait(stream);
done:
  if (a) dnnl_memory_destroy(a);
  if (b) dnnl_memory_destroy(b);
  if (move) dnnl_primitive_destroy(move);
  dnnl_primitive_desc_destroy(pd);
  return s;
}
