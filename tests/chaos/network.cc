#include "tests/chaos/network.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "tests/support/process.h"

namespace drover::test {
namespace {

const char* const kOwn = "/proc/thread-self/ns/net";

UniqueFd open_namespace() {
  UniqueFd fd(::open(kOwn, O_RDONLY | O_CLOEXEC));
  if (!fd) throw std::system_error(errno, std::generic_category(), kOwn);
  return fd;
}

// A thread makes it and ends; the descriptor keeps it.
UniqueFd new_namespace() {
  UniqueFd made;
  int error = 0;
  std::thread([&] {
    if (::unshare(CLONE_NEWNET) != 0) {
      error = errno;
    } else {
      made = open_namespace();
    }
  }).join();
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), "cannot make a network namespace");
  }
  return made;
}

void enter(int fd) {
  if (::setns(fd, CLONE_NEWNET) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot enter a network namespace");
  }
}

void run(const std::string& script) {
  Process shell({"/bin/sh", "-ec", "PATH=$PATH:/usr/sbin:/sbin; " + script});
  if (shell.wait() == 0) return;
  throw std::runtime_error(script + ": " + shell.output());
}

std::string path_of(const UniqueFd& fd) {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(fd.get());
}

std::string subnet(int node) { return "10.77." + std::to_string(node) + "."; }

// A table of its own for each node, so that one cable's rules are replaced as a whole.
std::string rules(int node, const std::string& device, int percent) {
  const std::string table = "inet cable" + std::to_string(node);
  std::string text = "add table " + table + "; delete table " + table + "; add table " + table;
  if (percent > 0) {
    const std::string some =
        percent >= 100 ? "" : " numgen random mod 100 < " + std::to_string(percent);
    text += "; add chain " + table + " arriving { type filter hook input priority -300; }" +
            "; add rule " + table + " arriving iifname " + device + some + " drop";
  }
  return "nft '" + text + "'";
}

std::string device_of(int node) { return "node" + std::to_string(node); }

}  // namespace

Network::Network(int nodes) {
  try {
    build(nodes);
  } catch (const std::exception& error) {
    problem_ = std::string("no network of our own here: ") + error.what();
  }
}

void Network::build(int nodes) {
  master_ = new_namespace();
  const Stay stay = at_master();
  run("ip link set lo up");
  for (int node = 0; node < nodes; ++node) {
    nodes_.push_back(new_namespace());
    const std::string device = device_of(node);
    run("ip link add " + device + " type veth peer name uplink; ip link set uplink netns " +
        path_of(nodes_.back()) + "; ip addr add " + master_address(node) + "/24 dev " + device +
        "; ip link set " + device + " up");
    {
      const Stay there = at_node(node);
      run("ip link set lo up; ip addr add " + subnet(node) +
          "2/24 dev uplink; ip link set uplink up; ip route add default via " +
          master_address(node));
    }
    heal(node);
  }
}

Network::Stay::Stay(const UniqueFd& place) : back_(open_namespace()) { enter(place.get()); }

Network::Stay::~Stay() {
  if (back_) ::setns(back_.get(), CLONE_NEWNET);
}

std::string Network::master_address(int node) { return subnet(node) + "1"; }

void Network::lose(int node, Direction direction, int percent) const {
  const bool arrives_at_master = direction == Direction::to_master;
  const Stay stay = arrives_at_master ? at_master() : at_node(node);
  run(rules(node, arrives_at_master ? device_of(node) : "uplink", percent));
}

void Network::cut(int node) const {
  lose(node, Direction::to_master, 100);
  lose(node, Direction::to_node, 100);
}

void Network::heal(int node) const {
  lose(node, Direction::to_master, 0);
  lose(node, Direction::to_node, 0);
}

}  // namespace drover::test
