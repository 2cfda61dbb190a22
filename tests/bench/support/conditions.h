// Under which conditions a figure was measured, as far as the machine and the build tell.
#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace drover::bench {

// "cores", "cpu", "kernel", "load" (of the last minute, at the call), "build", "revision" (with
// "-dirty" where the tree has changes; empty where it is no repository).
boost::json::object machine_conditions();

// Of the file system that `directory` is on: "ext4", "ext4 without a journal", "tmpfs" or its
// number in hexadecimal.
std::string file_system_of(const std::string& directory);

}  // namespace drover::bench
