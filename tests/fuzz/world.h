// A master without sockets, threads and a disk: a request goes in, its answer comes out, and what
// it changes is there for nobody.
#pragma once

#include <memory>
#include <string>

#include "master/http/message.h"
#include "master/http/routes.h"

namespace drover::fuzz {

struct Answered {
  int status = 0;
  std::string content_type;
  std::string body;
};

// With one node, a service `web` of one copy on it, whose id is the one of the examples, and a
// template `report`. As small as a cluster with something of everything can be.
class World {
 public:
  World();
  ~World();

  // Of a stream, what there is; of an answer that waits, what is said at the end of the time.
  Answered ask(const http::Route& route, const http::Request& request);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace drover::fuzz
