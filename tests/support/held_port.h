// A port of this machine that is a test's own, also while the program that listens there is away:
// otherwise the kernel may give it to a connection that somebody else makes just then.
#pragma once

#include <cstdint>
#include <string>

#include "common/unique_fd.h"

namespace drover::test {

class HeldPort {
 public:
  // Any that is free at the IPv4 address. Whoever listens there has to set SO_REUSEADDR.
  explicit HeldPort(const std::string& address);

  std::uint16_t number() const { return number_; }

 private:
  UniqueFd socket_;  // bound, and never listening
  std::uint16_t number_ = 0;
};

}  // namespace drover::test
