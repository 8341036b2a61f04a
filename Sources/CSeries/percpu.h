#pragma once

/* Vectors of eight where the processor has them, chosen when the program starts. */
/* The loader picks a clone before the thread sanitizer stands, whose checks the picking would then run into. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !__has_feature(thread_sanitizer)
#define PER_CPU __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define PER_CPU
#endif
