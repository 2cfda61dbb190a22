// Fills a new store with instances that have ended:
//   fill_history DIRECTORY COUNT
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "common/files.h"
#include "tests/bench/history/fill.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: fill_history DIRECTORY COUNT\n", stderr);
    return 2;
  }
  const auto made = drover::ensure_directory(argv[1]);
  auto store = drover::store::open_rocksdb(argv[1]);
  if (!made || !store) {
    std::fprintf(stderr, "fill_history: %s\n",
                 (made ? store.error() : made.error()).message.c_str());
    return 1;
  }
  try {
    const auto count = std::strtoull(argv[2], nullptr, 10);
    drover::bench::fill_history(**store, count, count, [] {});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fill_history: %s\n", error.what());
    return 1;
  }
  return 0;
}
