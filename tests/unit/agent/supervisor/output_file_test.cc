#include "agent/supervisor/output_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/temp_dir.h"

namespace drover::supervisor {
namespace {

namespace fs = std::filesystem;

class OutputFileTest : public testing::Test {
 protected:
  OutputFileTest() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    read_end_.reset(ends[0]);
    write_end_.reset(ends[1]);
  }

  void print(OutputFile& file, const std::string& text) {
    ASSERT_EQ(::write(write_end_.get(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
    while (file.take_from(read_end_.get(), 1000) > 0) {
    }
  }

  std::string content(const std::string& name) {
    std::ifstream stream(directory_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  TempDir directory_;
  UniqueFd read_end_;
  UniqueFd write_end_;
};

TEST_F(OutputFileTest, NothingIsMadeForNothing) {
  OutputFile file(directory_ / "a/b/out", {100, 2});
  EXPECT_EQ(file.take_from(read_end_.get(), 10), -1);
  EXPECT_EQ(errno, EAGAIN);
  write_end_.reset();
  EXPECT_EQ(file.take_from(read_end_.get(), 10), 0);
  EXPECT_FALSE(fs::exists(directory_ / "a"));
}

TEST_F(OutputFileTest, DirectoriesAreMadeWithTheFirstByte) {
  OutputFile file(directory_ / "a/b/out", {100, 2});
  print(file, "hello");
  EXPECT_EQ(content("a/b/out"), "hello");
  EXPECT_EQ(fs::status(directory_ / "a/b/out").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(OutputFileTest, TheLastBytesStayWhenItIsFull) {
  OutputFile file(directory_ / "out", {10, 2});
  print(file, "0123456789");
  EXPECT_EQ(content("out"), "0123456789");
  EXPECT_FALSE(fs::exists(directory_ / "out.1"));
  print(file, "abc");
  EXPECT_EQ(content("out.1"), "0123456789");
  EXPECT_EQ(content("out"), "abc");
  print(file, "defghijklmnop");
  EXPECT_EQ(content("out.1"), "abcdefghij");
  EXPECT_EQ(content("out"), "klmnop");
  EXPECT_EQ(file.dropped_bytes(), 0U);
}

TEST_F(OutputFileTest, OfMoreFilesTheOldestGoes) {
  OutputFile file(directory_ / "out", {4, 3});
  print(file, "aaaabbbbccccdddde");
  EXPECT_EQ(content("out.2"), "cccc");
  EXPECT_EQ(content("out.1"), "dddd");
  EXPECT_EQ(content("out"), "e");
  EXPECT_FALSE(fs::exists(directory_ / "out.3"));
  EXPECT_EQ(file.dropped_bytes(), 0U);
}

TEST_F(OutputFileTest, OneFileBeginsAnew) {
  OutputFile file(directory_ / "out", {4, 1});
  print(file, "aaaab");
  EXPECT_EQ(content("out"), "b");
  EXPECT_FALSE(fs::exists(directory_ / "out.1"));
}

TEST_F(OutputFileTest, AFailureHalfWayCostsNoOlderFile) {
  // PATH.1 has gone to PATH.2 and PATH could not follow: the next time none has to go.
  directory_.write("out", "new!");
  directory_.write("out.2", "old!");
  OutputFile file(directory_ / "out", {4, 3});
  print(file, "x");
  EXPECT_EQ(content("out.2"), "old!");
  EXPECT_EQ(content("out.1"), "new!");
  EXPECT_EQ(content("out"), "x");
}

TEST_F(OutputFileTest, WithoutLimitsOfItsOwnItHasThoseOfAll) {
  OutputFile file(directory_ / "out", {});
  print(file, "hello");
  EXPECT_EQ(content("out"), "hello");
}

TEST_F(OutputFileTest, AnExistingFileIsContinued) {
  directory_.write("out", "12345678");
  OutputFile file(directory_ / "out", {10, 2});
  print(file, "abcd");
  EXPECT_EQ(content("out.1"), "12345678ab");
  EXPECT_EQ(content("out"), "cd");
}

TEST_F(OutputFileTest, WithoutAPathAllIsThrownAway) {
  OutputFile file("", {10, 2});
  print(file, "hello");
  EXPECT_EQ(file.dropped_bytes(), 0U);
}

TEST_F(OutputFileTest, WhatCannotBeWrittenIsCounted) {
  directory_.write("file", "");
  OutputFile file(directory_ / "file/out", {10, 2});
  print(file, "hello");
  EXPECT_EQ(file.dropped_bytes(), 5U);
}

TEST_F(OutputFileTest, ALinkIsNotFollowed) {
  directory_.write("precious", "content");
  fs::create_symlink(directory_ / "precious", directory_ / "out");
  OutputFile file(directory_ / "out", {100, 2});
  print(file, "hello");
  EXPECT_EQ(content("precious"), "content");
  EXPECT_EQ(file.dropped_bytes(), 5U);
}

TEST_F(OutputFileTest, WritingIsTriedAgain) {
  directory_.write("place", "");
  OutputFile file(directory_ / "place/out", {100, 2});
  print(file, "lost");
  fs::remove(directory_ / "place");
  print(file, "kept");
  EXPECT_EQ(content("place/out"), "kept");
  EXPECT_EQ(file.dropped_bytes(), 4U);
}

}  // namespace
}  // namespace drover::supervisor
