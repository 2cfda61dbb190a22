// A damaged table is not compacted away.
#include "master/store/table_check.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/fault_file_system.h"

namespace drover::store {
namespace {

constexpr std::size_t kBlockBytes = 5000;

class TableCheck : public testing::Test {
 protected:
  rocksdb::Options options() {
    rocksdb::Options options;
    options.env = env_.get();
    options.create_if_missing = true;
    options.disable_auto_compactions = true;
    options.compression = rocksdb::kNoCompression;
    options.target_file_size_base = 4 * kBlockBytes;
    options.info_log = std::make_shared<NoLog>();
    options.listeners = {compactions_};
    return options;
  }
  void open() {
    rocksdb::DB* database = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options(), "/db", &database).ok());
    database_.reset(database);
  }

  // One table on top of what is there, each of whose values fills a block.
  void fill() {
    for (int key = 0; key < 20; ++key) {
      ASSERT_TRUE(database_->Put({}, std::to_string(key), std::string(kBlockBytes, 'v')).ok());
    }
    ASSERT_TRUE(database_->Flush({}).ok());
  }
  static std::vector<std::string> table_paths(const std::map<std::string, std::string>& files) {
    std::vector<std::string> paths;
    for (const auto& [path, content] : files) {
      if (path.find(".sst") != std::string::npos) paths.push_back(path);
    }
    return paths;
  }

  class NoLog final : public rocksdb::Logger {
   public:
    using Logger::Logv;
    void Logv(const char*, std::va_list) override {}
  };

  test::MemoryDisk disk_;
  const std::unique_ptr<rocksdb::Env> env_ = test::make_fault_env(disk_);
  const std::shared_ptr<CheckedCompactions> compactions_ = std::make_shared<CheckedCompactions>();
  std::unique_ptr<rocksdb::DB> database_;
};

TEST_F(TableCheck, OneDamagedTableEndsAllCompactions) {
  open();
  fill();
  fill();
  ASSERT_TRUE(database_->CompactRange({}, nullptr, nullptr).ok());  // several tables of one level
  fill();
  database_.reset();
  auto files = disk_.contents();
  const auto tables = table_paths(files);
  ASSERT_LT(3u, tables.size());
  const std::string& path = tables[2];
  files[path][0] = static_cast<char>(~files[path][0]);
  disk_.put_contents(files);

  open();
  EXPECT_TRUE(compactions_->damage().ok());
  EXPECT_FALSE(database_->CompactRange({}, nullptr, nullptr).ok());
  EXPECT_TRUE(compactions_->damage().IsCorruption());
  EXPECT_NE(std::string::npos, compactions_->damage().ToString().find(path));
  database_.reset();
  EXPECT_EQ(tables, table_paths(disk_.contents()));
}

TEST_F(TableCheck, SoundTablesAreCompacted) {
  open();
  for (int table = 0; table < 5; ++table) {
    ASSERT_TRUE(database_->Put({}, "a", std::to_string(table)).ok());
    ASSERT_TRUE(database_->Flush({}).ok());
  }
  EXPECT_TRUE(database_->CompactRange({}, nullptr, nullptr).ok());
  EXPECT_TRUE(compactions_->damage().ok());
  std::string value;
  ASSERT_TRUE(database_->Get({}, "a", &value).ok());
  EXPECT_EQ("4", value);
}

}  // namespace
}  // namespace drover::store
