// What is fuzzed: functions that take any bytes, and abort where what must always hold does not.
#pragma once

#include <string_view>

namespace drover::fuzz {

// Bytes of a connection: an HTTP request, read at once and in pieces.
void fuzz_request(std::string_view bytes);

// "METHOD TARGET": which route it leads to.
void fuzz_route(std::string_view bytes);

// A query string, for every call that takes one, and every reader of its values.
void fuzz_query(std::string_view bytes);

// The body of a request, for every reader of bodies.
void fuzz_body(std::string_view bytes);

// A whole HTTP request to a master without sockets, threads and a disk.
void fuzz_call(std::string_view bytes);

}  // namespace drover::fuzz
