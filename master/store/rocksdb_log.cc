#include "master/store/rocksdb_log.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <string>

#include "common/log.h"

namespace drover::store {
namespace {

class RocksDbLog final : public rocksdb::Logger {
 public:
  RocksDbLog() : Logger(rocksdb::WARN_LEVEL) {}

  using Logger::Logv;
  void Logv(const char*, std::va_list) override {}  // what has no level is of no weight
  void Logv(const rocksdb::InfoLogLevel level, const char* format,
            std::va_list arguments) override {
    if (level < rocksdb::WARN_LEVEL || level > rocksdb::FATAL_LEVEL) return;
    std::array<char, 1024> text;  // longer lines are cut
    std::vsnprintf(text.data(), text.size(), format, arguments);
    if (level == rocksdb::WARN_LEVEL) {
      log::warning("rocksdb", {{"says", std::string(text.data())}});
    } else {
      log::error("rocksdb", {{"says", std::string(text.data())}});
    }
  }
};

}  // namespace

std::shared_ptr<rocksdb::Logger> make_rocksdb_log() { return std::make_shared<RocksDbLog>(); }

}  // namespace drover::store
