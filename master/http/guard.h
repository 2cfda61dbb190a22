// Who may ask. Nothing here looks at a body: what is refused is refused before it is read.
//
// Problem: the master runs commands, and on loopback it asks for no password. A page in a browser
// on the same machine can send requests to it, either openly (then the browser adds the page's
// Origin) or after its own host name was made to resolve to 127.0.0.1 (then Host has that name).
//
// Solution: on loopback, Host has to be a loopback name with this server's port, and so has Origin
// where there is one. On other addresses the names of this machine are not known; there Origin has
// to be the Host of the same request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/endpoint.h"
#include "master/http/errors.h"
#include "master/http/message.h"

namespace drover::http {

// Framing that two parsers could understand in two ways, a Host that is missing or there twice, an
// expectation that nobody knows, a body that is too large. The connection has to be closed.
MaybeProblem check_framing(const RequestHead& head);

// Immutable: any thread.
class Guard {
 public:
  // `bound`: the address listened on, with the port that was really taken.
  explicit Guard(Endpoint bound);

  // `authority`: of an absolute target, else empty. The connection has to be closed.
  MaybeProblem check(const RequestHead& head, std::string_view authority) const;

 private:
  MaybeProblem check_host(std::string_view name) const;
  bool is_own_authority(std::string_view authority) const;
  bool is_own_origin(std::string_view origin) const;

  const Endpoint bound_;
  const std::string own_name_;
  const bool loopback_;
};

}  // namespace drover::http
