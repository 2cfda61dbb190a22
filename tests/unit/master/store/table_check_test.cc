// A damaged table is not compacted away.
#include "master/store/table_check.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "tests/support/fault_file_system.h"

namespace drover::store {
namespace {

class TableCheck : public testing::Test {
 protected:
  rocksdb::Options options() {
    rocksdb::Options options;
    options.env = env_.get();
    options.create_if_missing = true;
    options.disable_auto_compactions = true;
    options.compression = rocksdb::kNoCompression;
    options.info_log = std::make_shared<NoLog>();
    options.listeners = {compactions_};
    return options;
  }
  void open() {
    rocksdb::DB* database = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options(), "/db", &database).ok());
    database_.reset(database);
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
  for (int table = 0; table < 5; ++table) {
    for (const char* key : {"a", "z"}) {  // they overlap, so that they have to be merged
      ASSERT_TRUE(database_->Put({}, key + std::to_string(table), "value").ok());
    }
    ASSERT_TRUE(database_->Flush({}).ok());
  }
  database_.reset();
  auto files = disk_.contents();
  std::string path;
  for (auto& [name, content] : files) {
    if (name.find(".sst") != std::string::npos) path = name;
  }
  files[path][0] = static_cast<char>(~files[path][0]);
  disk_.put_contents(files);

  open();
  EXPECT_TRUE(compactions_->damage().ok());
  EXPECT_FALSE(database_->CompactRange({}, nullptr, nullptr).ok());
  EXPECT_TRUE(compactions_->damage().IsCorruption());
  EXPECT_NE(std::string::npos, compactions_->damage().ToString().find(path));
  database_.reset();
  std::size_t tables = 0;
  for (const auto& [name, content] : disk_.contents()) {
    tables += name.find(".sst") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(5u, tables);
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
