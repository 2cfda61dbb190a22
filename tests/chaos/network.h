// Network namespaces of a test's own: one for the master, one for each node, and a cable from each
// node to the master that can be cut or made to lose packets, each direction by itself.
//
// The namespaces have no names and are held by this process alone, so that they go with the last
// process that lives in them, whatever becomes of the test. Cables go with their namespaces.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/unique_fd.h"

namespace drover::test {

class Network {
 public:
  enum class Direction { to_master, to_node };

  explicit Network(int nodes);

  // Why there is no network here; empty when there is one.
  const std::string& problem() const { return problem_; }

  // As long as this lives, the thread that made it is in another place, and what it starts lives
  // there: threads, processes and connections.
  class Stay {
   public:
    explicit Stay(const UniqueFd& place);
    Stay(Stay&&) = default;
    Stay& operator=(Stay&&) = delete;
    ~Stay();

   private:
    UniqueFd back_;
  };
  Stay at_master() const { return Stay(master_); }
  Stay at_node(int node) const { return Stay(nodes_.at(static_cast<std::size_t>(node))); }
  // The address of the master at its end of the node's cable.
  static std::string master_address(int node);

  // Loses this share of the packets in one direction, chosen at random; 100: all, 0: none.
  void lose(int node, Direction direction, int percent) const;
  void cut(int node) const;
  void heal(int node) const;

 private:
  void build(int nodes);

  std::string problem_;
  UniqueFd master_;
  std::vector<UniqueFd> nodes_;
};

}  // namespace drover::test
