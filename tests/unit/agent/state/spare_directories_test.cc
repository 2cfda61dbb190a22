#include "agent/state/spare_directories.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace drover::agent::state {
namespace {

namespace fs = std::filesystem;

class Spares : public testing::Test {
 protected:
  Spares() { EXPECT_TRUE(spares_.open()); }

  std::string path(const std::string& name) const { return directory_ / name; }
  std::string make(const std::string& name) const {
    EXPECT_EQ(::mkdir(path(name).c_str(), SpareDirectories::kMode), 0);
    return path(name);
  }
  static ino_t inode(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
  }
  std::size_t kept() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path("spare")), fs::directory_iterator()));
  }

  TempDir directory_;
  SpareDirectories spares_{directory_ / "spare", 2};
};

TEST_F(Spares, WhatIsGivenBackIsTakenAgain) {
  EXPECT_FALSE(spares_.take(path("b")));
  const ino_t made = inode(make("a"));
  EXPECT_TRUE(spares_.give_back(path("a")));
  EXPECT_FALSE(fs::exists(path("a")));
  EXPECT_TRUE(spares_.take(path("b")));
  EXPECT_EQ(inode(path("b")), made);
  EXPECT_FALSE(spares_.take(path("c"))) << "there was one";
}

TEST_F(Spares, WhatIsThereIsNotReplaced) {
  EXPECT_TRUE(spares_.give_back(make("a")));
  const ino_t there = inode(make("b"));
  EXPECT_FALSE(spares_.take(path("b")));
  EXPECT_EQ(inode(path("b")), there);
  EXPECT_TRUE(spares_.take(path("c"))) << "it was not lost";
}

TEST_F(Spares, OnlyWhatIsAsNewIsKept) {
  for (const char* file : {"x", ".x"}) {
    const std::string used = make(std::string("used") + file);
    std::ofstream(used + '/' + file) << "x";
    EXPECT_FALSE(spares_.give_back(used));
    EXPECT_TRUE(fs::exists(used + '/' + file));
  }
  const std::string opened = make("opened");
  ASSERT_EQ(::chmod(opened.c_str(), 0755), 0);
  EXPECT_FALSE(spares_.give_back(opened));
  EXPECT_FALSE(spares_.give_back(path("missing")));
  fs::create_directory_symlink(make("target"), path("link"));
  EXPECT_FALSE(spares_.give_back(path("link")));
  EXPECT_EQ(kept(), 0U);
}

TEST_F(Spares, AreNotMoreThanWished) {
  EXPECT_TRUE(spares_.give_back(make("a")));
  EXPECT_TRUE(spares_.give_back(make("b")));
  EXPECT_FALSE(spares_.give_back(make("c")));
  EXPECT_TRUE(fs::exists(path("c")));
}

TEST_F(Spares, OutliveTheProgram) {
  EXPECT_TRUE(spares_.give_back(make("a")));
  EXPECT_TRUE(spares_.give_back(make("b")));
  std::ofstream(path("spare/1/left")) << "x";
  std::ofstream(path("spare/stranger")) << "x";
  SpareDirectories later(directory_ / "spare", 2);
  ASSERT_TRUE(later.open());
  EXPECT_EQ(kept(), 1U) << "what could not be used has gone";
  EXPECT_TRUE(later.take(path("c")));
  EXPECT_TRUE(fs::is_empty(path("c")));
  EXPECT_TRUE(later.give_back(path("c")));
}

}  // namespace
}  // namespace drover::agent::state
