// The little of MPI that a training on several processes needs, over the world of all processes that were started
// together. Without MPI at build time every function but `braid_mpi_built` reports failure. Not thread-safe: one call
// at a time. Functions return 0 or an error code that `braid_mpi_message` puts into words.
#ifndef BRAID_CMPI_H
#define BRAID_CMPI_H
#include <stdint.h>

/// 1 when this build knows MPI.
int braid_mpi_built(void);

/// Joins the other processes. `note` is written to standard error when the launcher ends this process because another
/// one failed; it must stay valid.
int braid_mpi_start(int *rank, int *size, const char *note);

/// Adds up `values` over all processes, in the order of their ranks as far as MPI allows; all get the same bits.
int braid_mpi_sum(float *values, int64_t count);

/// The number that each process brings, in the order of ranks.
int braid_mpi_gather_counts(int64_t mine, int64_t *all);

/// The bytes of all processes one after the other; `counts` as gathered before.
int braid_mpi_gather(const void *mine, int64_t count, void *all, const int64_t *counts, int size);

/// Waits for all processes.
int braid_mpi_wait(void);

/// Leaves; the last call.
int braid_mpi_finish(void);

/// Ends all processes at once.
void braid_mpi_abort(int code);

/// What an error code means, at most `length` bytes with the final zero.
void braid_mpi_message(int code, char *text, int length);

#endif
