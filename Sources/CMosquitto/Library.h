#ifndef BRAID_CMOSQUITTO_LIBRARY_H
#define BRAID_CMOSQUITTO_LIBRARY_H

#include <mosquitto.h>
#include <stdbool.h>

// Every function of libmosquitto that this layer calls.
#define CMOSQUITTO_ALL(X) \
  X(mosquitto_connack_string) X(mosquitto_connect) X(mosquitto_connect_with_flags_callback_set) \
  X(mosquitto_destroy) X(mosquitto_disconnect) X(mosquitto_int_option) X(mosquitto_lib_init) \
  X(mosquitto_loop_misc) X(mosquitto_loop_read) X(mosquitto_loop_write) X(mosquitto_message_callback_set) \
  X(mosquitto_new) X(mosquitto_publish) X(mosquitto_publish_callback_set) X(mosquitto_pub_topic_check) \
  X(mosquitto_socket) X(mosquitto_strerror) X(mosquitto_sub_topic_check) X(mosquitto_subscribe) \
  X(mosquitto_subscribe_callback_set) X(mosquitto_threaded_set) X(mosquitto_tls_set) \
  X(mosquitto_username_pw_set) X(mosquitto_want_write)

typedef struct {
#define CMOSQUITTO_POINTER(name) __typeof__(name) *name;
  CMOSQUITTO_ALL(CMOSQUITTO_POINTER)
#undef CMOSQUITTO_POINTER
} CMosquittoLibrary;

// Filled by the first call of `cmosquitto_missing` that finds the library, and never changed after.
extern CMosquittoLibrary mosquitto;

#endif
