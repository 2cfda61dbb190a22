// The engine on the real store, whose disk fails at every one of its operations: nobody hears of
// anything that is not on the disk.
#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <set>

#include "master/engine/engine.h"
#include "master/store/rocksdb_store.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/records.h"
#include "tests/support/temp_dir.h"

namespace drover::engine {
namespace {

using core::ReplyCode;

constexpr int kDeploys = 10;
constexpr SessionId kSession{1};

// What the node was told to start.
class Starts final : public AgentOutbox {
 public:
  void send(std::vector<core::MessageToAgent> messages) override {
    const std::lock_guard lock(mutex_);
    for (const auto& message : messages) {
      const auto* start = std::get_if<core::StartAllocation>(&message.content);
      if (start != nullptr) started_.insert(start->allocation->id.instance);
    }
  }
  std::set<InstanceId> started() const {
    const std::lock_guard lock(mutex_);
    return started_;
  }

 private:
  mutable std::mutex mutex_;
  std::set<InstanceId> started_;
};

struct Told {
  bool failed = false;  // a client was told that the store has
  std::set<InstanceId> acknowledged;
  std::set<InstanceId> refused;
  std::set<InstanceId> seen;     // by readers, at the end
  std::set<InstanceId> started;  // by the node
};

class Client {
 public:
  explicit Client(Engine& engine) : engine_(engine) {}

  ReplyCode run(core::Command command) {
    auto promise = std::make_shared<std::promise<ReplyCode>>();
    EXPECT_TRUE(engine_.submit(std::move(command), [promise](const core::Reply& reply) {
      promise->set_value(reply.code);
    }));
    return promise->get_future().get();
  }

  void open_session(const NodeId& node) {
    core::OpenSession hello;
    hello.session = kSession;
    hello.node = node;
    hello.secret_digest = "digest";
    hello.boot_id = "boot";
    hello.ip = "192.0.2.1";
    run(hello);
  }

 private:
  Engine& engine_;
};

// Deploys until all is deployed or the store has failed, and twice more.
Told work(store::Store& store) {
  Told told;
  Starts agents;
  View view{core::State()};
  Engine engine(core::State(), Index{0}, store, view, agents,
                {[&told](const std::string&) { told.failed = true; }});
  engine.start();
  Client client(engine);
  client.open_session(NodeId{new_uuid()});
  client.run(core::CreateTemplate{test::a_template_spec("work"), "{}"});
  std::vector<InstanceId> ids;
  int after_failure = 0;
  for (int number = 0; number < kDeploys && after_failure < 2; ++number) {
    ids.push_back(InstanceId{new_uuid()});
    const ReplyCode code = client.run(core::Deploy{"work", ids.back()});
    (code == ReplyCode::ok ? told.acknowledged : told.refused).insert(ids.back());
    if (told.failed) {
      ++after_failure;
      EXPECT_NE(ReplyCode::ok, code);
      EXPECT_TRUE(view.read_only());
    }
  }
  engine.stop();
  for (const InstanceId& id : ids) {
    if (view.find_instance(id)) told.seen.insert(id);
  }
  told.started = agents.started();
  return told;
}

TEST(EngineFaults, AtEveryOperationNobodyHearsOfWhatIsNotOnTheDisk) {
  int failures = 0;
  for (std::uint64_t operation = 1;; ++operation) {
    SCOPED_TRACE("operation " + std::to_string(operation));
    TempDir directory;
    test::MemoryDisk disk;
    const auto files = test::make_fault_env(disk);
    Told told;
    {
      auto store = store::RocksDbStore::open(directory.path(), {}, {files.get()});
      ASSERT_TRUE(store && (*store)->load() && (*store)->begin_epoch(Epoch{1}));
      disk.set({operation, test::MemoryDisk::Plan::Kind::fails});
      told = work(**store);
    }
    EXPECT_EQ(told.acknowledged, told.seen);
    EXPECT_EQ(told.acknowledged, told.started);

    disk.lose_power();
    auto store = store::RocksDbStore::open(directory.path(), {}, {files.get()});
    ASSERT_TRUE(store.ok()) << store.error().message;
    const auto loaded = (*store)->load();
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    std::set<InstanceId> recovered;
    for (const auto& instance : loaded->records.instances) recovered.insert(instance->id);
    EXPECT_TRUE(std::includes(recovered.begin(), recovered.end(), told.acknowledged.begin(),
                              told.acknowledged.end()));
    if (testing::Test::HasFailure()) return;
    if (!told.failed) {
      EXPECT_TRUE(told.refused.empty());
      break;
    }
    ++failures;
  }
  EXPECT_LE(2 * kDeploys, failures);  // each commit is a write and a sync
}

}  // namespace
}  // namespace drover::engine
