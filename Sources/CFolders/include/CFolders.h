#pragma once

/* Lets two files or folders of one file system change places, so that at any moment both names stand for something
   whole. 0, or the number of the error: EINVAL or ENOSYS where the file system or the kernel cannot do it. */
int cfolders_exchange(const char *one, const char *other);
