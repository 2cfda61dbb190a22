// The store on a disk that fails, forgets and loses its power, at every one of its operations.
//
// A workload of known content runs until something fails. Then the store is opened anew: all that
// was acknowledged must be there, and what is there must be the first so many commits, whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "master/store/rocksdb_store.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/records.h"
#include "tests/support/temp_dir.h"
#include "tests/support/thoroughness.h"

namespace drover::store {
namespace {

using Plan = test::MemoryDisk::Plan;

constexpr std::uint64_t kCommits = 8;

std::string name_of(std::uint64_t commit) { return "template " + std::to_string(commit); }

// What was asked of the store, and how far it said yes.
struct Account {
  std::uint64_t asked = 0;         // commits
  std::uint64_t acknowledged = 0;  // of them
  std::uint64_t epochs_asked = 0;
  std::uint64_t epochs_acknowledged = 0;
};

// Small commits stay in the log; large ones fill tables, which are merged meanwhile.
enum class Size { small, large };

class StoreOnBadDisk {
 public:
  explicit StoreOnBadDisk(Size size = Size::small)
      : document_(size == Size::large ? 40'000 : 10, 'x'),
        write_buffer_(size == Size::large ? 64 * 1024 : kWriteBufferBytes) {
    for (std::uint64_t commit = 0; commit <= kCommits; ++commit) {
      ids_.push_back(InstanceId{new_uuid()});
    }
  }

  test::MemoryDisk& disk() { return disk_; }
  const Account& account() const { return account_; }
  // The last commit that expect_sound() has found.
  std::uint64_t found() const { return found_; }

  Result<std::unique_ptr<Store>> open() {
    return RocksDbStore::open(directory_.path(), {}, {env_.get(), write_buffer_});
  }

  // Two masters, one after the other. What they do is cut off by the first error.
  void work() {
    if (run_master(kCommits / 2)) run_master(kCommits);
  }

  // One that goes on until commit number `last`. False: there was an error.
  bool run_master(std::uint64_t last) {
    auto store = open();
    if (!store || !(*store)->load()) return false;
    if (!(*store)->begin_epoch(Epoch{++account_.epochs_asked})) return false;
    account_.epochs_acknowledged = account_.epochs_asked;
    while (account_.asked < last) {
      const std::uint64_t commit = ++account_.asked;
      if (!(*store)->commit(changes_of(commit), Index{commit})) return false;
      account_.acknowledged = commit;
    }
    return true;
  }

  // Writes the next commit, whose sync fails. The power goes, and what is on the disk then may be
  // any of these, from nothing of the commit to all of it.
  std::vector<std::map<std::string, std::string>> tear_next_commit() {
    std::vector<std::map<std::string, std::string>> disks;
    auto store = open();
    if (!store || !(*store)->load()) return disks;
    const std::uint64_t commit = ++account_.asked;
    disks.push_back(disk_.contents());
    disk_.set({2, Plan::Kind::fails_from_then});  // the write succeeds
    EXPECT_FALSE((*store)->commit(changes_of(commit), Index{commit}).ok());
    const auto whole = disk_.contents();
    for (const auto& [path, content] : whole) {
      for (std::size_t size = disks[0].at(path).size() + 1; size <= content.size(); ++size) {
        disks.push_back(disks[0]);
        disks.back()[path] = content.substr(0, size);
      }
    }
    return disks;
  }

  // Opens without faults and compares with the account.
  void expect_sound() {
    auto store = open();
    ASSERT_TRUE(store.ok()) << store.error().message;
    const auto loaded = (*store)->load();
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    EXPECT_TRUE(loaded->set_aside.empty());
    EXPECT_LE(account_.epochs_acknowledged, loaded->last_epoch.value);
    EXPECT_GE(account_.epochs_asked, loaded->last_epoch.value);
    EXPECT_LE(account_.acknowledged, loaded->last_index.value);
    EXPECT_GE(account_.asked, loaded->last_index.value);
    found_ = loaded->last_index.value;
    expect_commits(**store, *loaded, found_);
    // And it can go on from there.
    const std::uint64_t next = loaded->last_index.value + 1;
    EXPECT_TRUE((*store)->begin_epoch(Epoch{loaded->last_epoch.value + 1}).ok());
    core::Changes changes;
    changes.templates = {test::a_template("the next one")};
    EXPECT_TRUE((*store)->commit(changes, Index{next}).ok());
  }

 private:
  // Commit number n makes a template and an instance, and ends the instance of the one before.
  core::Changes changes_of(std::uint64_t commit) const {
    core::Changes changes;
    core::Template made = *test::a_template(name_of(commit));
    made.document = document_;
    changes.templates = {std::make_shared<const core::Template>(made)};
    changes.instances = {test::an_instance(ids_[commit], core::InstanceState::running)};
    changes.allocations = {
        test::an_allocation(ids_[commit], {core::TaskState::running, 1, 1, 0, {}})};
    if (commit > 1) changes.finished = {test::a_finished_instance(ids_[commit - 1], 1)};
    return changes;
  }

  void expect_commits(const Store& store, const Loaded& loaded, std::uint64_t last) const {
    std::set<std::string> names;
    for (const auto& record : loaded.records.templates) names.insert(record->spec.name);
    std::set<std::string> expected;
    for (std::uint64_t commit = 1; commit <= last; ++commit) expected.insert(name_of(commit));
    EXPECT_EQ(expected, names);
    ASSERT_EQ(last > 0 ? 1u : 0u, loaded.records.instances.size());
    EXPECT_EQ(loaded.records.instances.size(), loaded.records.allocations.size());
    if (last > 0) {
      EXPECT_EQ(ids_[last], loaded.records.instances[0]->id);
    }
    for (std::uint64_t commit = 1; commit <= kCommits; ++commit) {
      const auto found = store.find_finished(ids_[commit]);
      ASSERT_TRUE(found.ok()) << found.error().message;
      EXPECT_EQ(commit < last, found->has_value()) << commit;
    }
  }

  const std::string document_;
  const std::size_t write_buffer_;
  TempDir directory_;  // of the lock file
  test::MemoryDisk disk_;
  const std::unique_ptr<rocksdb::Env> env_ = test::make_fault_env(disk_);
  std::vector<InstanceId> ids_;
  Account account_;
  std::uint64_t found_ = 0;
};

// What follows after the operation that went wrong.
enum class After { killed, power_lost, torn };

void recover(test::MemoryDisk& disk, After after) {
  switch (after) {
    case After::killed:
      return disk.power_on();
    case After::power_lost:
      return disk.lose_power();
    case After::torn:
      return disk.lose_power(5);
  }
}

struct Case {
  const char* name;
  Plan::Kind kind;
  After after;
  Size size;
  // The first operation that goes wrong, and how far it is from there to the next. After an error
  // in the background RocksDB pauses for a second, so cases with tables share the work.
  std::uint64_t first = 1;
  std::uint64_t step = 1;
};

class StoreFaults : public testing::TestWithParam<Case> {};

TEST_P(StoreFaults, AtEveryOperationLoseNothingThatWasAcknowledged) {
  const std::uint64_t step = std::max<std::uint64_t>(GetParam().step, test::kStride);
  std::uint64_t commits_refused = 0;
  for (std::uint64_t operation = GetParam().first;; operation += step) {
    SCOPED_TRACE("operation " + std::to_string(operation));
    StoreOnBadDisk store(GetParam().size);
    store.disk().set({operation, GetParam().kind});
    store.work();
    const bool happened = store.disk().happened();
    recover(store.disk(), GetParam().after);
    store.expect_sound();
    if (testing::Test::HasFailure()) return;
    if (store.account().acknowledged < store.account().asked) ++commits_refused;
    if (!happened) {
      EXPECT_EQ(kCommits, store.account().acknowledged);
      break;
    }
    ASSERT_LT(operation, 10'000u) << "the workload does not come to an end";
  }
  EXPECT_LE(step == 1 ? kCommits : 1, commits_refused);
}

// A process may die at any operation; a disk that fails is followed by another start, or by a loss
// of power.
constexpr Case kCases[] = {
    {"FailsThenStarts", Plan::Kind::fails, After::killed, Size::small},
    {"FailsThenPowerLost", Plan::Kind::fails, After::power_lost, Size::small},
    {"FailsForGoodThenStarts", Plan::Kind::fails_from_then, After::killed, Size::small},
    {"FailsForGoodThenPowerLost", Plan::Kind::fails_from_then, After::power_lost, Size::small},
    {"KilledBefore", Plan::Kind::power_goes, After::killed, Size::small},
    {"KilledAfter", Plan::Kind::power_went, After::killed, Size::small},
    {"PowerLostBefore", Plan::Kind::power_goes, After::power_lost, Size::small},
    {"PowerLostAfter", Plan::Kind::power_went, After::power_lost, Size::small},
    {"TornBefore", Plan::Kind::power_goes, After::torn, Size::small},
    {"TornAfter", Plan::Kind::power_went, After::torn, Size::small},
    {"TablesFailThenStarts", Plan::Kind::fails, After::killed, Size::large, 1, 5},
    {"TablesFailForGoodThenPowerLost", Plan::Kind::fails_from_then, After::power_lost, Size::large,
     2, 5},
    {"TablesKilledAfter", Plan::Kind::power_went, After::killed, Size::large, 3, 5},
    {"TablesTornBefore", Plan::Kind::power_goes, After::torn, Size::large, 4, 5},
};
INSTANTIATE_TEST_SUITE_P(Disks, StoreFaults, testing::ValuesIn(kCases),
                         [](const auto& each) { return std::string(each.param.name); });

// The disk runs full at every so many bytes, until there is room for the whole workload.
TEST(StoreOnFullDisk, LosesNothingThatWasAcknowledged) {
  constexpr std::uint64_t kStep = 211;
  for (std::uint64_t bytes = 0;; bytes += kStep * test::kStride) {
    SCOPED_TRACE(std::to_string(bytes) + " bytes");
    StoreOnBadDisk store;
    store.disk().set_capacity(bytes);
    store.work();
    const bool enough = store.account().acknowledged == kCommits;
    store.disk().set_capacity(UINT64_MAX);
    store.expect_sound();
    if (testing::Test::HasFailure() || enough) return;
    ASSERT_LT(bytes, 1u << 20) << "the workload needs more than it should";
  }
}

// Power goes while the last commit is on its way to the disk: of its bytes, any number got there.
TEST(StoreTornWrite, AtEveryByteOfTheLastCommitIsDropped) {
  StoreOnBadDisk store;
  ASSERT_TRUE(store.run_master(2));
  const auto disks = store.tear_next_commit();
  ASSERT_LT(100u, disks.size());
  for (const auto& disk : disks) {
    const std::size_t place = static_cast<std::size_t>(&disk - disks.data());
    if (place % test::kStride != 0 && &disk != &disks.back()) continue;
    SCOPED_TRACE(std::to_string(place) + " bytes");
    store.disk().power_on();
    store.disk().put_contents(disk);
    store.expect_sound();
    EXPECT_EQ(&disk == &disks.back() ? 3u : 2u, store.found());
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace drover::store
