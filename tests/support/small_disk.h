// A file system of a few megabytes on a directory of the test's own, to be run full.
//
// Only the thread that makes it sees it, and the threads and programs which that one starts
// afterwards: it is mounted in a mount namespace of the test's own, so that nothing is left behind
// even where the test is killed. That needs root.
//
//   SmallDisk disk(directory / "data", 8 << 20);
//   if (!disk.problem().empty()) GTEST_SKIP() << disk.problem();
//   disk.fill();
//   disk.make_room();
#pragma once

#include <cstdint>
#include <string>

namespace drover::test {

class SmallDisk {
 public:
  // Makes `directory` where it is missing and mounts a tmpfs of `bytes` on it.
  SmallDisk(std::string directory, std::uint64_t bytes);
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk();  // what is in it goes with it

  // Why there is no such disk; empty: there is.
  const std::string& problem() const { return problem_; }
  const std::string& directory() const { return directory_; }

  // Bytes that can still be written.
  std::uint64_t room() const;

  // Takes the room that there is, but for `leaving` bytes (whole pages). Can be called again when
  // others have made room.
  void fill(std::uint64_t leaving = 0);
  // Gives back what fill() has taken.
  void make_room();

 private:
  std::string filler() const { return directory_ + "/filler"; }

  const std::string directory_;
  std::string problem_;
};

}  // namespace drover::test
