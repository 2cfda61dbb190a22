#include "agent/link/local_address.h"

#include <gtest/gtest.h>

namespace drover::agent::link {
namespace {

TEST(LocalAddress, IsTheOneOfTheRoute) {
  EXPECT_EQ(local_address_towards("ipv4:127.0.0.1:8421"), "127.0.0.1");
}

TEST(LocalAddress, IsEmptyForWhatHasNone) {
  for (const char* peer :
       {"", "ipv4", "ipv4:", "unix:/run/x", "ipv4:host.example:1", "ipv4:1.2.3.4"}) {
    EXPECT_EQ(local_address_towards(peer), "") << peer;
  }
}

}  // namespace
}  // namespace drover::agent::link
