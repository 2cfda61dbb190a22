// The journal file: what the agent must know after its own death.
//
// Format: frames one after the other, each
//
//   "DJ1\n"    4 bytes   where a frame begins; lets a reader find the next one after damage
//   length     4 bytes   of the payload, little endian
//   checksum   4 bytes   CRC-32C of length and payload, little endian
//   payload              a drover.journal.Record
//
// Appending is one write(2) for any number of records, and no fsync. A write survives the death of
// the process (kill -9 included) in the kernel's page cache. A power failure may lose it, and does
// no harm: it also ends every task, the boot id changes, and the agent and the master both take
// what ran in another boot as lost, so nothing is run twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/journal.h"
#include "agent/state/layout.h"
#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::agent::state {

// One frame.
std::string encode(const core::JournalRecord& record);

struct Damage {
  std::size_t offset = 0;
  std::size_t length = 0;
};

struct Decoded {
  std::vector<core::JournalRecord> records;
  std::vector<Damage> damage;    // regions that hold no record, in order
  std::size_t truncated_at = 0;  // an unfinished frame at the end begins here; else the size
};

// Reads every intact record. An unfinished last frame is what a death while writing leaves, and no
// damage.
Decoded decode(std::string_view content);

// The file. One thread.
//
// Problem: on a disk that is full, an agent could write down neither that a task has ended nor that
// it is to be stopped, and would have to give up all that it looks after.
//
// Solution: the file keeps a reserve of space beyond its end. While the reserve cannot be made up
// again the journal is full: what must be recorded still finds room, and the agent takes no new
// work. Where the file system cannot set space aside there is no reserve, and a full disk is an
// error as before.
class Journal {
 public:
  struct Opened;
  // Reads the file (missing: empty), copies each damaged piece into Layout::damaged(). The caller
  // holds the directory's lock, and calls begin() before anything else: the file may end in an
  // unfinished frame.
  static Result<Opened> open(const Layout& layout, std::int64_t unix_ms);

  // Replaces the file by `all`, which is what it says together with `added`. Where there is no room
  // for another file, the old one is gone on with and `added` appended.
  Status begin(const std::vector<core::JournalRecord>& all,
               const std::vector<core::JournalRecord>& added);

  // After an error the file may end in an unfinished frame: nothing may be appended any more.
  Status append(const std::vector<core::JournalRecord>& records);

  // Replaces the file by these records, which say the same; without room for another file it stays
  // as it is.
  Status rewrite(const std::vector<core::JournalRecord>& records);

  // It has grown enough since the last rewrite() to be worth another one.
  bool wants_rewrite() const;

  // Only what must be recorded may be appended.
  bool is_full() const { return full_; }
  // Looks whether there is room again.
  void make_reserve();

 private:
  Journal(std::string path, std::size_t intact_bytes)
      : path_(std::move(path)), size_(intact_bytes) {}

  Status replace(const std::vector<core::JournalRecord>& records);
  Status go_on_with_old_file();

  std::string path_;
  UniqueFd fd_;
  std::size_t size_ = 0;
  std::size_t size_rewritten_ = 0;
  std::size_t reserved_to_ = 0;  // from the file's beginning
  bool full_ = false;
};

struct Journal::Opened {
  Journal journal;
  std::vector<core::JournalRecord> records;
  std::vector<std::string> damaged_files;  // copies of what could not be read
};

}  // namespace drover::agent::state
