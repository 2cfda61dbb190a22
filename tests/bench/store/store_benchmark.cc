// What records cost on their way to the disk and back: encoding, decoding, and the commit of a
// batch, synced. One thread. Run with build/release/tests/store_benchmark; the store is made
// below TMPDIR.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "master/store/event_codec.h"
#include "master/store/record_codec.h"
#include "master/store/store.h"
#include "tests/bench/core/core_cluster.h"
#include "tests/support/temp_dir.h"

namespace drover::store {
namespace {

constexpr std::uint64_t kNodes = 100;

template <class Element>
void append(std::vector<Element>& to, std::vector<Element> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// Instances of one task that exits with 0, and what the core wants written down of them.
class Lives {
 public:
  Lives() : cluster_(kNodes) {
    changes_of(cluster_.tell(core::CreateTemplate{core::copies_of_one(1), "{}"}));
  }

  // As one batch: so many are placed.
  core::Changes deploy(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      alive_.push_back(InstanceId{core::numbered(3, ++last_)});
      changes_of(cluster_.tell(core::Deploy{"work", alive_.back()}));
    }
    return std::exchange(changes_, {});
  }
  // As one batch: all that are placed begin.
  core::Changes begin() {
    for (const InstanceId& id : alive_) changes_of(cluster_.report(id, 0, {}));
    return std::exchange(changes_, {});
  }
  // As one batch: all that have begun end.
  core::Changes end() {
    for (const InstanceId& id : std::exchange(alive_, {})) {
      changes_of(cluster_.report(id, 0, {core::EndKind::exited, 0, {}}));
    }
    return std::exchange(changes_, {});
  }

 private:
  void changes_of(core::Outcome outcome) {
    append(changes_.templates, std::move(outcome.changes.templates));
    append(changes_.instances, std::move(outcome.changes.instances));
    append(changes_.allocations, std::move(outcome.changes.allocations));
    append(changes_.finished, std::move(outcome.changes.finished));
    append(changes_.events, std::move(outcome.changes.events));
  }

  core::CoreCluster cluster_;
  std::vector<InstanceId> alive_;
  core::Changes changes_;
  std::uint64_t last_ = 0;
};

// One record of each kind.
template <class Record>
Record example() {
  Lives lives;
  core::Changes placed = lives.deploy(1);
  const core::Changes running = lives.begin();
  if constexpr (std::is_same_v<Record, core::Template>) return *placed.templates.back();
  if constexpr (std::is_same_v<Record, core::Instance>) return *running.instances.back();
  if constexpr (std::is_same_v<Record, core::Allocation>) return *running.allocations.back();
  if constexpr (std::is_same_v<Record, core::FinishedInstance>) return lives.end().finished.back();
}

Result<core::Template> decode(std::string_view bytes, core::Template*) {
  return decode_template(bytes);
}
Result<core::Instance> decode(std::string_view bytes, core::Instance*) {
  return decode_instance(bytes);
}
Result<core::Allocation> decode(std::string_view bytes, core::Allocation*) {
  return decode_allocation(bytes);
}
Result<core::FinishedInstance> decode(std::string_view bytes, core::FinishedInstance*) {
  return decode_finished(bytes);
}

template <class Record>
void encoding(benchmark::State& state) {
  const auto record = example<Record>();
  for (auto _ : state) benchmark::DoNotOptimize(encode(record));
  state.counters["bytes"] = static_cast<double>(encode(record).size());
}
BENCHMARK(encoding<core::Template>);
BENCHMARK(encoding<core::Instance>);
BENCHMARK(encoding<core::Allocation>);
BENCHMARK(encoding<core::FinishedInstance>);

template <class Record>
void decoding(benchmark::State& state) {
  const std::string bytes = encode(example<Record>());
  for (auto _ : state) {
    const auto decoded = decode(bytes, static_cast<Record*>(nullptr));
    if (!decoded) state.SkipWithError(decoded.error().message.c_str());
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(decoding<core::Template>);
BENCHMARK(decoding<core::Instance>);
BENCHMARK(decoding<core::Allocation>);
BENCHMARK(decoding<core::FinishedInstance>);

// Of the deploys of one batch: per deploy.
void encoding_events(benchmark::State& state) {
  const core::Changes changes = Lives().deploy(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(encode(changes.events, 0));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(encoding_events)->Arg(1)->Arg(100);

void decoding_events(benchmark::State& state) {
  const std::string bytes = encode(Lives().deploy(state.range(0)).events, 0);
  for (auto _ : state) {
    const auto decoded = decode_events(bytes);
    if (!decoded) state.SkipWithError(decoded.error().message.c_str());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(decoding_events)->Arg(1)->Arg(100);

enum class Moment { deployed, begun, ended };

// Batches of so many instances, each of which is placed, begins and ends; the commits of one of
// these moments are timed, with the sync. Per instance.
template <Moment timed>
void committing(benchmark::State& state) {
  const TempDir directory;
  auto store = open_rocksdb(directory.path());
  if (!store) return state.SkipWithError(store.error().message.c_str());
  if (!(**store).load()) return state.SkipWithError("the store cannot be read");
  if (!(**store).begin_epoch(Epoch{1})) return state.SkipWithError("the store cannot be written");
  Lives lives;
  std::uint64_t index = 0;
  const auto commit = [&](const core::Changes& changes) {
    const auto written = (**store).commit(changes, Index{++index});
    if (!written) state.SkipWithError(written.error().message.c_str());
  };
  for (auto _ : state) {
    const std::map<Moment, core::Changes> batches = {
        {Moment::deployed, lives.deploy(state.range(0))},
        {Moment::begun, lives.begin()},
        {Moment::ended, lives.end()}};
    for (const auto& [moment, changes] : batches) {
      const auto before = std::chrono::steady_clock::now();
      commit(changes);
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - before;
      if (moment == timed) state.SetIterationTime(taken.count());
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(committing<Moment::deployed>)->Arg(1)->Arg(32)->Arg(1'000)->UseManualTime();
BENCHMARK(committing<Moment::begun>)->Arg(1)->Arg(32)->Arg(1'000)->UseManualTime();
BENCHMARK(committing<Moment::ended>)->Arg(1)->Arg(32)->Arg(1'000)->UseManualTime();

}  // namespace
}  // namespace drover::store
