#include "common/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "tests/support/temp_dir.h"

namespace drover {
namespace {

using testing::HasSubstr;

unsigned mode_of(const std::string& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 07777;
}

TEST(EnsureDirectoryTest, MakesItAndItsParentsForTheOwnerAlone) {
  const TempDir temp;
  ASSERT_TRUE(ensure_directory(temp / "a/b/c").ok());
  EXPECT_EQ(mode_of(temp / "a"), 0700U);
  EXPECT_EQ(mode_of(temp / "a/b/c"), 0700U);
  EXPECT_TRUE(ensure_directory(temp / "a/b/c").ok());
}

TEST(EnsureDirectoryTest, LeavesTheModeOfOneThatExists) {
  const TempDir temp;
  std::filesystem::create_directory(temp / "open");
  ASSERT_EQ(::chmod((temp / "open").c_str(), 0755), 0);
  ASSERT_TRUE(ensure_directory(temp / "open").ok());
  EXPECT_EQ(mode_of(temp / "open"), 0755U);
}

TEST(EnsureDirectoryTest, AFileInTheWayIsNamed) {
  const TempDir temp;
  temp.write("file", "");
  for (const std::string& path : {temp / "file", temp / "file/below"}) {
    const Status status = ensure_directory(path);
    ASSERT_FALSE(status.ok()) << path;
    EXPECT_THAT(status.error().message, HasSubstr(path));
  }
}

TEST(FileLockTest, OneHolderAtATime) {
  const TempDir temp;
  {
    const auto first = FileLock::take(temp / "lock", "another drover-master");
    ASSERT_TRUE(first.ok());
    const auto second = FileLock::take(temp / "lock", "another drover-master");
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().kind, ErrorKind::conflict);
    EXPECT_THAT(second.error().message, HasSubstr(temp / "lock"));
    EXPECT_THAT(second.error().message, HasSubstr("another drover-master"));
  }
  EXPECT_TRUE(FileLock::take(temp / "lock", "another drover-master").ok());
}

TEST(FileLockTest, SaysWhyItCannotBeOpened) {
  const TempDir temp;
  const auto lock = FileLock::take(temp / "missing/lock", "nobody");
  ASSERT_FALSE(lock.ok());
  EXPECT_THAT(lock.error().message, HasSubstr("No such file or directory"));
}

TEST(ReadFileTest, NothingIsNotTheSameAsEmpty) {
  const TempDir temp;
  const auto missing = read_file(temp / "missing");
  ASSERT_TRUE(missing.ok());
  EXPECT_FALSE(missing->has_value());

  const auto empty = read_file(temp.write("empty", ""));
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(**empty, "");
}

TEST(ReadFileTest, GivesEveryByte) {
  const TempDir temp;
  std::string content(100'000, 'x');
  content[5] = '\0';
  content += '\n';
  const auto read = read_file(temp.write("big", content));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(**read, content);
}

TEST(ReadFileTest, ADirectoryIsAnError) {
  const TempDir temp;
  const auto read = read_file(temp.path());
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, HasSubstr(temp.path()));
}

TEST(WriteFileTest, ReplacesTheWholeAndLeavesNothingElse) {
  const TempDir temp;
  ASSERT_TRUE(write_file_durably(temp / "node", "a long first content").ok());
  ASSERT_TRUE(write_file_durably(temp / "node", "short").ok());
  EXPECT_EQ(**read_file(temp / "node"), "short");
  EXPECT_EQ(mode_of(temp / "node"), 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(temp.path()), {}), 1);
}

TEST(WriteFileTest, TakesAPathWithoutADirectory) {
  const TempDir temp;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(temp.path());
  const Status status = write_file_durably("node", "x");
  std::filesystem::current_path(before);
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(**read_file(temp / "node"), "x");
}

TEST(WriteFileTest, NamesThePathThatFailed) {
  const TempDir temp;
  const Status status = write_file_durably(temp / "missing/node", "x");
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr(temp / "missing/node"));
}

TEST(WriteFileTest, AFullDiskIsAnError) {
  // The device refuses every byte, as a full disk does.
  const TempDir temp;
  std::filesystem::create_symlink("/dev/full", temp / "node.new");
  const Status status = write_file_durably(temp / "node", "x");
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr("No space left"));
  EXPECT_FALSE(std::filesystem::exists(temp / "node"));
}

}  // namespace
}  // namespace drover
