// A disk in memory that forgets, fails and runs full as a test wants it to.
//
// It is as forgetful as a real one may be: a file's bytes are there after a loss of power as far as
// they were synced, and a name (made, given to another file, removed) when its directory was. Bytes
// whose sync has failed are lost, whatever a later sync says.
//
// What changes the disk is counted, and any one of these operations can be made to fail or to be
// the last before the power goes. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace drover::test {

class MemoryDisk {
 public:
  struct File {
    std::string content;
    std::size_t synced = 0;  // bytes that survive
    bool sync_failed = false;
  };
  using FilePtr = std::shared_ptr<File>;

  enum class Result { ok, failed, full, absent };

  // --- What a test sets -------------------------------------------------------------------------

  // Which operation goes wrong, counted from now and from 1; 0: none.
  struct Plan {
    enum class Kind {
      fails,            // with an error, once; a write leaves half of its bytes
      fails_from_then,  // with an error, it and all that follow
      power_goes,       // just before it: nothing changes the disk any more until power_on
      power_went,       // just after it
    };
    std::uint64_t operation = 0;
    Kind kind = Kind::fails;
  };
  void set(const Plan& plan);
  // Whether the planned operation was reached.
  bool happened() const;
  // Since set().
  std::uint64_t operations() const;

  // How many bytes there is room for, all files together.
  void set_capacity(std::uint64_t bytes);

  // What was not synced is gone, but for the first `torn` bytes of it in each file. Files that were
  // open must not be used any more. Nothing is planned after it.
  void lose_power(std::size_t torn = 0);
  // A process that was killed loses nothing. Nothing is planned after it.
  void power_on() { set({}); }

  // For tests that damage what is there, or put it back: files by path.
  std::map<std::string, std::string> contents() const;
  void put_contents(const std::map<std::string, std::string>& contents);

  // --- What a file system needs
  // -------------------------------------------------------------------

  FilePtr find(const std::string& path) const;
  Result create(const std::string& path, FilePtr& file);  // empty, in the place of any other
  Result append(File& file, std::string_view bytes);
  Result truncate(File& file, std::size_t size);
  Result sync(File& file);
  Result sync_directory(const std::string& directory);
  Result rename(const std::string& from, const std::string& to);
  Result remove(const std::string& path);
  void make_directory(const std::string& path);
  bool is_directory(const std::string& path) const;
  std::vector<std::string> children(const std::string& directory) const;
  std::string read(const File& file, std::uint64_t offset, std::size_t size) const;
  std::size_t size(const File& file) const;

 private:
  using Names = std::map<std::string, FilePtr>;

  // Counts one operation and says whether it takes place.
  bool goes_on_locked();
  std::uint64_t used_locked() const;
  static std::string parent(const std::string& path);

  mutable std::mutex mutex_;
  // All below: guarded by mutex_, the files' content included.
  Plan plan_;
  std::uint64_t operations_ = 0;
  bool happened_ = false;
  bool broken_ = false;  // nothing works any more
  std::uint64_t capacity_ = UINT64_MAX;
  Names names_;
  Names synced_names_;
  std::map<std::string, bool> directories_;
};

}  // namespace drover::test
