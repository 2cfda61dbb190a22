#include "tests/support/fault_file_system.h"

#include <rocksdb/file_system.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace drover::test {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

IOStatus to_status(MemoryDisk::Result result, const std::string& what) {
  switch (result) {
    case MemoryDisk::Result::ok:
      return IOStatus::OK();
    case MemoryDisk::Result::full:
      return IOStatus::NoSpace("No space left on device", what);
    case MemoryDisk::Result::absent:
      return IOStatus::PathNotFound("No such file or directory", what);
    case MemoryDisk::Result::failed:
      break;
  }
  return IOStatus::IOError("Input/output error", what);
}

IOStatus absent(const std::string& path) { return to_status(MemoryDisk::Result::absent, path); }

std::string clean(const std::string& path) {
  return path.size() > 1 && path.back() == '/' ? path.substr(0, path.size() - 1) : path;
}

class WritableFile final : public rocksdb::FSWritableFile {
 public:
  WritableFile(MemoryDisk& disk, MemoryDisk::FilePtr file, std::string path)
      : disk_(disk), file_(std::move(file)), path_(std::move(path)) {}

  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    return to_status(disk_.append(*file_, data.ToStringView()), path_);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions&, IODebugContext*) override {
    return to_status(disk_.truncate(*file_, size), path_);
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return to_status(disk_.sync(*file_), path_);
  }
  bool IsSyncThreadSafe() const override { return true; }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override {
    return disk_.size(*file_);
  }

 private:
  MemoryDisk& disk_;
  const MemoryDisk::FilePtr file_;
  const std::string path_;
};

// The piece of the file at `offset`, in `scratch`.
Slice read_into(const MemoryDisk& disk, const MemoryDisk::File& file, std::uint64_t offset,
                std::size_t size, char* scratch) {
  const std::string bytes = disk.read(file, offset, size);
  std::memcpy(scratch, bytes.data(), bytes.size());
  return {scratch, bytes.size()};
}

class SequentialFile final : public rocksdb::FSSequentialFile {
 public:
  SequentialFile(MemoryDisk& disk, MemoryDisk::FilePtr file)
      : disk_(disk), file_(std::move(file)) {}

  IOStatus Read(std::size_t size, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    *result = read_into(disk_, *file_, place_, size, scratch);
    place_ += result->size();
    return IOStatus::OK();
  }
  IOStatus Skip(std::uint64_t bytes) override {
    place_ += bytes;
    return IOStatus::OK();
  }

 private:
  MemoryDisk& disk_;
  const MemoryDisk::FilePtr file_;
  std::uint64_t place_ = 0;
};

class RandomAccessFile final : public rocksdb::FSRandomAccessFile {
 public:
  RandomAccessFile(MemoryDisk& disk, MemoryDisk::FilePtr file)
      : disk_(disk), file_(std::move(file)) {}

  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions&, Slice* result,
                char* scratch, IODebugContext*) const override {
    *result = read_into(disk_, *file_, offset, size, scratch);
    return IOStatus::OK();
  }

 private:
  MemoryDisk& disk_;
  const MemoryDisk::FilePtr file_;
};

class Directory final : public rocksdb::FSDirectory {
 public:
  Directory(MemoryDisk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return to_status(disk_.sync_directory(path_), path_);
  }

 private:
  MemoryDisk& disk_;
  const std::string path_;
};

// What is not about files is left to the real one.
class FaultFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultFileSystem(MemoryDisk& disk)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), disk_(disk) {}

  const char* Name() const override { return "FaultFileSystem"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions&,
                             std::unique_ptr<rocksdb::FSSequentialFile>* result,
                             IODebugContext*) override {
    const auto file = disk_.find(path);
    if (!file) return absent(path);
    *result = std::make_unique<SequentialFile>(disk_, file);
    return IOStatus::OK();
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions&,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                               IODebugContext*) override {
    const auto file = disk_.find(path);
    if (!file) return absent(path);
    *result = std::make_unique<RandomAccessFile>(disk_, file);
    return IOStatus::OK();
  }
  IOStatus NewWritableFile(const std::string& path, const FileOptions&,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext*) override {
    MemoryDisk::FilePtr file;
    const auto made = disk_.create(path, file);
    if (made == MemoryDisk::Result::ok) *result = std::make_unique<WritableFile>(disk_, file, path);
    return to_status(made, path);
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* result,
                              IODebugContext* debug) override {
    const auto file = disk_.find(path);
    if (!file) return NewWritableFile(path, options, result, debug);
    *result = std::make_unique<WritableFile>(disk_, file, path);
    return IOStatus::OK();
  }
  IOStatus ReuseWritableFile(const std::string& path, const std::string& former,
                             const FileOptions& options,
                             std::unique_ptr<rocksdb::FSWritableFile>* result,
                             IODebugContext* debug) override {
    const auto renamed = disk_.rename(former, path);
    if (renamed != MemoryDisk::Result::ok) return to_status(renamed, former);
    return NewWritableFile(path, options, result, debug);
  }
  IOStatus NewRandomRWFile(const std::string&, const FileOptions&,
                           std::unique_ptr<rocksdb::FSRandomRWFile>*, IODebugContext*) override {
    return IOStatus::NotSupported("not on a disk in memory");
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions&,
                        std::unique_ptr<rocksdb::FSDirectory>* result, IODebugContext*) override {
    *result = std::make_unique<Directory>(disk_, clean(path));
    return IOStatus::OK();
  }
  IOStatus FileExists(const std::string& path, const IOOptions&, IODebugContext*) override {
    const bool exists = disk_.find(path) != nullptr || disk_.is_directory(clean(path));
    return exists ? IOStatus::OK() : IOStatus::NotFound();
  }
  IOStatus GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* result,
                       IODebugContext*) override {
    if (!disk_.is_directory(clean(path))) return absent(path);
    *result = disk_.children(clean(path));
    return IOStatus::OK();
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) override {
    return to_status(disk_.remove(path), path);
  }
  IOStatus CreateDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    disk_.make_directory(clean(path));
    return IOStatus::OK();
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options,
                              IODebugContext* debug) override {
    return CreateDir(path, options, debug);
  }
  IOStatus DeleteDir(const std::string&, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions&, std::uint64_t* size,
                       IODebugContext*) override {
    const auto file = disk_.find(path);
    if (!file) return absent(path);
    *size = disk_.size(*file);
    return IOStatus::OK();
  }
  IOStatus GetFileModificationTime(const std::string&, const IOOptions&, std::uint64_t* time,
                                   IODebugContext*) override {
    *time = 0;
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                      IODebugContext*) override {
    return to_status(disk_.rename(from, to), from);
  }
  IOStatus LockFile(const std::string&, const IOOptions&, rocksdb::FileLock** lock,
                    IODebugContext*) override {
    *lock = new rocksdb::FileLock();
    return IOStatus::OK();
  }
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
    delete lock;
    return IOStatus::OK();
  }
  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* is_directory,
                       IODebugContext*) override {
    *is_directory = disk_.is_directory(clean(path));
    return IOStatus::OK();
  }
  IOStatus GetFreeSpace(const std::string&, const IOOptions&, std::uint64_t*,
                        IODebugContext*) override {
    return IOStatus::NotSupported("not on a disk in memory");
  }

 private:
  MemoryDisk& disk_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> make_fault_env(MemoryDisk& disk) {
  return rocksdb::NewCompositeEnv(std::make_shared<FaultFileSystem>(disk));
}

}  // namespace drover::test
