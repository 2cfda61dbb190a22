// RocksDB's own files, with a byte changed or the end cut off: a start serves all that is sound, or
// says clearly that it does not, and never takes the process down.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "master/store/rocksdb_store.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/records.h"
#include "tests/support/temp_dir.h"
#include "tests/support/thoroughness.h"

namespace drover::store {
namespace {

using Files = std::map<std::string, std::string>;

constexpr std::uint64_t kCommits = 6;

class DamagedFiles : public testing::Test {
 protected:
  Result<std::unique_ptr<Store>> open() {
    return RocksDbStore::open(directory_.path(), {}, {env_.get()});
  }

  // Half of it is in tables, the rest in the log.
  Files some_store() {
    for (std::uint64_t commit = 1; commit <= kCommits; ++commit) {
      if (commit == kCommits / 2) {
        EXPECT_TRUE(open().ok());
      }  // what a start finds goes into tables
      auto store = open();
      EXPECT_TRUE(store && (*store)->load() && (*store)->begin_epoch(Epoch{commit}));
      core::Changes changes;
      changes.templates = {test::a_template(std::to_string(commit))};
      EXPECT_TRUE((*store)->commit(changes, Index{commit}).ok());
    }
    return disk_.contents();
  }

  // The templates that a start finds; nothing: it does not start, and says why.
  std::optional<std::set<std::string>> start(const Files& files) {
    disk_.put_contents(files);
    auto store = open();
    if (!store) return refused(store.error());
    const auto loaded = (*store)->load();
    if (!loaded) return refused(loaded.error());
    std::set<std::string> names;
    for (const auto& record : loaded->records.templates) {
      EXPECT_EQ(test::a_template_spec(record->spec.name), record->spec);
      names.insert(record->spec.name);
    }
    aside_ = loaded->set_aside.size();
    return names;
  }
  std::optional<std::set<std::string>> refused(const Error& error) {
    ++refused_;
    EXPECT_NE(std::string::npos, error.message.find(directory_.path())) << error.message;
    EXPECT_NE(std::string::npos, error.message.find("; ")) << error.message;  // what to do
    return std::nullopt;
  }

  // The path of the newest file of a kind.
  static std::string newest(const Files& files, const std::string& part) {
    std::string path;
    for (const auto& [name, content] : files) {
      if (name.find(part) != std::string::npos && !content.empty()) path = name;
    }
    return path;
  }

  // Starts with every so many bytes of the file changed, and cut off there. Of what was
  // acknowledged nothing may be missing without a word, but for the last `forgotten` commits.
  void damage(const Files& files, const std::string& path, std::size_t forgotten) {
    ASSERT_FALSE(path.empty());
    const std::string content = files.at(path);
    const std::size_t step = std::max<std::size_t>(content.size() / 100, 1);
    for (std::size_t place = 0; place < content.size(); place += step * test::kStride) {
      SCOPED_TRACE(path + " byte " + std::to_string(place) + " of " +
                   std::to_string(content.size()));
      std::string flipped = content;
      flipped[place] = static_cast<char>(flipped[place] ^ 0x21);
      for (const std::string& damaged : {flipped, content.substr(0, place)}) {
        Files changed = files;
        changed[path] = damaged;
        const auto found = start(changed);
        EXPECT_TRUE(found || disk_.contents().count(path) > 0);  // for those who try to save it
        if (found) {
          EXPECT_LE(kCommits, found->size() + aside_ + forgotten) << testing::PrintToString(*found);
        }
        if (HasFailure()) return;
      }
    }
  }

  TempDir directory_;
  test::MemoryDisk disk_;
  const std::unique_ptr<rocksdb::Env> env_ = test::make_fault_env(disk_);
  std::size_t aside_ = 0;
  int refused_ = 0;
};

TEST_F(DamagedFiles, OfTables) {
  const Files files = some_store();
  for (const auto& [path, content] : files) {
    if (path.find(".sst") != std::string::npos) damage(files, path, 0);
  }
  EXPECT_LT(0, refused_);
}

// Where the end of the log is cut off, or the length of its last record is damaged, that looks like
// a write that the power cut off: the last master's commits are in it.
TEST_F(DamagedFiles, OfTheLog) {
  const Files files = some_store();
  damage(files, newest(files, ".log"), 1);
  EXPECT_LT(0, refused_);
}

// The same of its list of tables, whose last entry is that of the last start.
TEST_F(DamagedFiles, OfTheManifest) {
  const Files files = some_store();
  damage(files, newest(files, "MANIFEST"), 1);
  EXPECT_LT(0, refused_);
}

TEST_F(DamagedFiles, MayBeMissing) {
  const Files files = some_store();
  for (const auto& [path, content] : files) {
    if (path.find(".log") != std::string::npos || path.find("OPTIONS") != std::string::npos ||
        path.find("IDENTITY") != std::string::npos) {
      continue;
    }
    SCOPED_TRACE(path);
    Files changed = files;
    changed.erase(path);
    const auto found = start(changed);
    if (found) {
      EXPECT_EQ(kCommits, found->size());
    }
  }
  EXPECT_LT(0, refused_);
}

}  // namespace
}  // namespace drover::store
