#include "CMPI.h"
#include <string.h>

#ifdef BRAID_WITH_MPI
#include <mpi/mpi.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const char *termination_note;

static void on_termination(int number) {
  (void)number;
  // Only what is safe inside a signal handler.
  if (termination_note) {
    ssize_t written = write(2, termination_note, strlen(termination_note));
    (void)written;
  }
  _exit(1);
}

int braid_mpi_built(void) { return 1; }

int braid_mpi_start(int *rank, int *size, const char *note) {
  int provided = 0;
  int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
  if (code != MPI_SUCCESS) return code;
  if (provided < MPI_THREAD_SERIALIZED) return MPI_ERR_OTHER;
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  termination_note = note;
  signal(SIGTERM, on_termination);
  if ((code = MPI_Comm_rank(MPI_COMM_WORLD, rank)) != MPI_SUCCESS) return code;
  return MPI_Comm_size(MPI_COMM_WORLD, size);
}

// MPI counts in int; longer arrays go in pieces.
static const int64_t piece = 1 << 28;

// Memory that all processes of one machine see, each with a part of its own for `room` numbers.
static MPI_Comm machine = MPI_COMM_NULL;
static MPI_Win window = MPI_WIN_NULL;
static int64_t room;

// Whether all processes run on this machine; -1 for an error.
static int all_here(int size) {
  if (machine == MPI_COMM_NULL &&
      MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine) != MPI_SUCCESS) {
    return -1;
  }
  MPI_Comm_set_errhandler(machine, MPI_ERRORS_RETURN);
  int here = 0;
  return MPI_Comm_size(machine, &here) == MPI_SUCCESS ? here == size : -1;
}

// Whether there is shared memory for so many numbers. Where one process gets none, as in a container with little of it,
// all go by messages from then on.
static int has_room(int64_t count) {
  static int is_refused;
  if (count <= room) return 1;
  if (is_refused) return 0;
  if (window != MPI_WIN_NULL) {
    MPI_Win_unlock_all(window);
    MPI_Win_free(&window);
    room = 0;
  }
  float *own = NULL;
  int mine = MPI_Win_allocate_shared(
                 count * (int64_t)sizeof(float), sizeof(float), MPI_INFO_NULL, machine, &own, &window) == MPI_SUCCESS;
  if (mine) {
    MPI_Win_set_errhandler(window, MPI_ERRORS_RETURN);
    mine = MPI_Win_lock_all(MPI_MODE_NOCHECK, window) == MPI_SUCCESS;
  }
  int all = 0;
  if (MPI_Allreduce(&mine, &all, 1, MPI_INT, MPI_MIN, machine) != MPI_SUCCESS) all = 0;
  if (all) room = count;
  is_refused = !all;
  return all;
}

static int meet(void) {
  int code = MPI_Win_sync(window);
  if (code == MPI_SUCCESS) code = MPI_Barrier(machine);
  return code == MPI_SUCCESS ? MPI_Win_sync(window) : code;
}

static float *part_of(int rank) {
  MPI_Aint bytes = 0;
  int unit = 0;
  float *found = NULL;
  return MPI_Win_shared_query(window, rank, &bytes, &unit, &found) == MPI_SUCCESS ? found : NULL;
}

// Each process adds up a share of the numbers, in the order of the ranks, and takes the other shares from the others.
static int sum_here(float *values, int64_t count, int rank, int size) {
  float *own = part_of(rank);
  if (!own) return MPI_ERR_OTHER;
  memcpy(own, values, (size_t)count * sizeof(float));
  int code = meet();
  if (code != MPI_SUCCESS) return code;
  int64_t from = count * rank / size, to = count * (rank + 1) / size;
  for (int other = 0; other < size; other++) {
    const float *theirs = part_of(other);
    if (!theirs) return MPI_ERR_OTHER;
    if (other == 0) memcpy(values + from, theirs + from, (size_t)(to - from) * sizeof(float));
    else for (int64_t i = from; i < to; i++) values[i] += theirs[i];
  }
  memcpy(own + from, values + from, (size_t)(to - from) * sizeof(float));
  if ((code = meet()) != MPI_SUCCESS) return code;
  for (int other = 0; other < size; other++) {
    int64_t start = count * other / size, end = count * (other + 1) / size;
    if (other != rank) memcpy(values + start, part_of(other) + start, (size_t)(end - start) * sizeof(float));
  }
  // Nobody writes again before all have read.
  return meet();
}

// Fewer numbers go by messages.
static const int64_t many = 1 << 14;

int braid_mpi_sum(float *values, int64_t count) {
  int rank = 0, size = 0;
  int code = MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (code == MPI_SUCCESS) code = MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (code != MPI_SUCCESS) return code;
  if (count >= many) {
    int here = all_here(size);
    if (here < 0) return MPI_ERR_OTHER;
    if (here && has_room(count)) return sum_here(values, count, rank, size);
  }
  for (int64_t start = 0; start < count && code == MPI_SUCCESS; start += piece) {
    int part = (int)(count - start < piece ? count - start : piece);
    // Reduced at one place and sent out, so that all have the same bits, which an all-reduce does not promise.
    code = MPI_Reduce(
        rank == 0 ? MPI_IN_PLACE : values + start, rank == 0 ? values + start : NULL, part, MPI_FLOAT, MPI_SUM, 0,
        MPI_COMM_WORLD);
    if (code == MPI_SUCCESS) code = MPI_Bcast(values + start, part, MPI_FLOAT, 0, MPI_COMM_WORLD);
  }
  return code;
}

int braid_mpi_gather_counts(int64_t mine, int64_t *all) {
  return MPI_Allgather(&mine, 1, MPI_INT64_T, all, 1, MPI_INT64_T, MPI_COMM_WORLD);
}

int braid_mpi_gather(const void *mine, int64_t count, void *all, const int64_t *counts, int size) {
  int64_t total = 0;
  for (int rank = 0; rank < size; rank++) total += counts[rank];
  if (total > INT32_MAX) return MPI_ERR_COUNT;
  int *lengths = malloc(2 * (size_t)size * sizeof(int));
  if (!lengths) return MPI_ERR_NO_MEM;
  int *places = lengths + size, place = 0;
  for (int rank = 0; rank < size; rank++) {
    lengths[rank] = (int)counts[rank];
    places[rank] = place;
    place += lengths[rank];
  }
  int code = MPI_Allgatherv(mine, (int)count, MPI_BYTE, all, lengths, places, MPI_BYTE, MPI_COMM_WORLD);
  free(lengths);
  return code;
}

int braid_mpi_wait(void) { return MPI_Barrier(MPI_COMM_WORLD); }

int braid_mpi_finish(void) {
  if (window != MPI_WIN_NULL) {
    MPI_Win_unlock_all(window);
    MPI_Win_free(&window);
  }
  return MPI_Finalize();
}

void braid_mpi_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

void braid_mpi_message(int code, char *text, int length) {
  char full[MPI_MAX_ERROR_STRING];
  int count = 0;
  if (MPI_Error_string(code, full, &count) != MPI_SUCCESS) count = 0;
  if (count > length - 1) count = length - 1;
  memcpy(text, full, (size_t)count);
  text[count] = 0;
}

#else

int braid_mpi_built(void) { return 0; }
int braid_mpi_start(int *rank, int *size, const char *note) {
  (void)rank, (void)size, (void)note;
  return 1;
}
int braid_mpi_sum(float *values, int64_t count) {
  (void)values, (void)count;
  return 1;
}
int braid_mpi_gather_counts(int64_t mine, int64_t *all) {
  (void)mine, (void)all;
  return 1;
}
int braid_mpi_gather(const void *mine, int64_t count, void *all, const int64_t *counts, int size) {
  (void)mine, (void)count, (void)all, (void)counts, (void)size;
  return 1;
}
int braid_mpi_wait(void) { return 1; }
int braid_mpi_finish(void) { return 1; }
void braid_mpi_abort(int code) { (void)code; }
void braid_mpi_message(int code, char *text, int length) {
  (void)code;
  if (length > 0) text[0] = 0;
}

#endif
