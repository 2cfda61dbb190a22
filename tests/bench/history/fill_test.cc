#include "tests/bench/history/fill.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/temp_dir.h"

namespace drover::bench {
namespace {

class FillTest : public testing::Test {
 protected:
  FillTest() {
    auto opened = store::open_rocksdb(directory_.path());
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = *std::move(opened);
  }

  TempDir directory_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(FillTest, InstancesHaveEndedAndLeftNothingElse) {
  const auto ids = fill_history(*store_, 1200, 1, [] {});
  store_.reset();
  store_ = *store::open_rocksdb(directory_.path());
  const auto loaded = store_->load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(1U, loaded->records.templates.size());
  EXPECT_TRUE(loaded->records.instances.empty());
  EXPECT_TRUE(loaded->set_aside.empty());

  std::size_t found = 0;
  const auto visited =
      store_->visit_finished(std::nullopt, [&found](const auto&, const auto& each) {
        EXPECT_TRUE(each) << each.error().message;
        EXPECT_EQ(core::InstanceState::completed, each->instance->state);
        ++found;
        return true;
      });
  EXPECT_TRUE(visited);
  EXPECT_EQ(1200U, found);
  for (const InstanceId& id : ids) EXPECT_TRUE(store_->find_finished(id)->has_value());
}

TEST_F(FillTest, TheEventsAreThoseOfATask) {
  fill_history(*store_, 1, 1, [] {});
  const auto page = store_->events_after(Index{0}, 100);
  ASSERT_TRUE(page) << page.error().message;
  std::string kinds;
  for (const auto& batch : page->batches) {
    for (const auto& event : batch.events) kinds += std::string(core::to_string(event.kind)) + " ";
  }
  EXPECT_EQ("instance.created allocation.placed task.started task.ended instance.state ", kinds);
}

TEST_F(FillTest, AStoreThatIsUsedIsLeftAlone) {
  fill_history(*store_, 1, 1, [] {});
  store_.reset();
  store_ = *store::open_rocksdb(directory_.path());
  EXPECT_THROW(fill_history(*store_, 1, 1, [] {}), std::runtime_error);
}

}  // namespace
}  // namespace drover::bench
