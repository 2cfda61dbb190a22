// Which address of this node its master can reach.
#pragma once

#include <string>

namespace drover::agent::link {

// The address of this node's side of a route to `peer`, a gRPC peer name such as
// "ipv4:192.0.2.1:8421" or "ipv6:[2001:db8::1]:8421". Sends nothing. Empty if there is no route.
std::string local_address_towards(const std::string& peer);

}  // namespace drover::agent::link
