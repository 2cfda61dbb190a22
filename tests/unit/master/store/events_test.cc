// The stream of events as the store keeps it.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "master/store/event_codec.h"
#include "master/store/keys.h"
#include "tests/unit/master/store/store_fixture.h"

namespace drover::store {
namespace {

core::ClusterEvent event(const std::string& name) {
  core::ClusterEvent event;
  event.kind = core::EventKind::template_created;
  event.template_name = name;
  return event;
}

core::ClusterEvent full_event() {
  core::ClusterEvent event;
  event.kind = core::EventKind::task_ended;
  event.time = 1'700'000'000'000;
  event.instance = InstanceId{new_uuid()};
  event.template_name = "报告";
  event.version = 3;
  event.node = NodeId{new_uuid()};
  event.state = "failed";
  event.detail = "why";
  event.allocation = AllocationId{*event.instance, 0, 7};
  event.group = "web";
  event.index = 2;
  event.task = "serve";
  event.attempt = 4;
  event.end.kind = core::EndKind::signaled;
  event.end.code = 9;
  event.end.reason = EndReason::timeout;
  return event;
}

class EventsTest : public RocksDbStoreTest {
 protected:
  EventsTest() { history_.events = 10; }

  void tell(const std::vector<std::string>& names) {
    core::Changes changes;
    for (const std::string& name : names) changes.events.push_back(event(name));
    commit(changes);
  }
  std::vector<std::string> after(Index index, std::size_t most = 1000) {
    std::vector<std::string> names;
    const auto page = store_->events_after(index, most);
    EXPECT_TRUE(page) << page.error().message;
    for (const EventBatch& batch : page->batches) {
      for (const auto& each : batch.events) names.push_back(each.template_name);
    }
    return names;
  }
  void trim() { ASSERT_TRUE(store_->trim(now_ += std::chrono::hours(1)).ok()); }

  using Names = std::vector<std::string>;
  std::chrono::milliseconds now_{0};
};

TEST(EventCodec, KeepsEveryField) {
  const std::vector<core::ClusterEvent> events = {full_event(), event("a"), {}};
  const auto stored = decode_events(encode(events, 17));
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(stored->before, 17U);
  EXPECT_EQ(stored->events, events);
}

TEST(EventCodec, RefusesWhatIsDamaged) {
  std::string bytes = encode({full_event()}, 0);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(decode_events(damaged)) << "byte " << i;
  }
}

TEST_F(EventsTest, AreReadByIndexAcrossAStart) {
  tell({"a", "b"});
  tell({});
  tell({"c"});
  EXPECT_EQ(after(Index{0}), (Names{"a", "b", "c"}));
  EXPECT_EQ(after(Index{1}), Names{"c"});
  EXPECT_EQ(after(Index{3}), Names{});
  reopen();
  EXPECT_EQ(after(Index{1}), Names{"c"});
  tell({"d"});
  const auto page = store_->events_after(Index{3}, 10);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->batches.at(0).before, 3U) << "counted on over the start";
  EXPECT_EQ(page->event_count, 4U);
}

TEST_F(EventsTest, ComeInWholeBatches) {
  tell({"a", "b", "c"});
  tell({"d"});
  const auto page = store_->events_after(Index{0}, 1);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->batches.size(), 1U);
  EXPECT_EQ(page->searched_to, Index{1});
  EXPECT_EQ(after(page->searched_to), Names{"d"});
}

TEST_F(EventsTest, AreDroppedBeyondTheirNumber) {
  for (int i = 0; i < 30; ++i) {
    tell({"e" + std::to_string(i)});
    tell({});  // indices without events lie between
  }
  trim();
  const auto kept = after(Index{0});
  ASSERT_EQ(kept.size(), 10U);
  EXPECT_EQ(kept.front(), "e20");
  const auto page = store_->events_after(Index{0}, 0);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->dropped_to, Index{39});
  reopen();
  EXPECT_EQ(store_->events_after(Index{0}, 0)->dropped_to, Index{39}) << "remembered";
  trim();
  EXPECT_EQ(after(Index{0}).size(), 10U);
  tell({"new"});
  trim();
  EXPECT_EQ(after(Index{0}).front(), "e21");
}

TEST_F(EventsTest, AreFewerThanTheirNumberAtFirst) {
  tell({"a"});
  trim();
  EXPECT_EQ(after(Index{0}), Names{"a"});
  EXPECT_EQ(store_->events_after(Index{0}, 0)->dropped_to, Index{0});
}

TEST_F(EventsTest, SayWhichBatchIsDamaged) {
  tell({"a"});
  tell({"b"});
  write_raw("events", big_endian(1), "nonsense");
  reopen();
  const auto page = store_->events_after(Index{0}, 10);
  ASSERT_FALSE(page);
  EXPECT_NE(page.error().message.find("index 1"), std::string::npos) << page.error().message;
  EXPECT_EQ(after(Index{1}), Names{"b"}) << "what follows can be read";
}

TEST_F(EventsTest, AStoreOfTheFormerFormatGetsThem) {
  write_raw("default", kSchemaKey, std::to_string(kFormerSchema));
  reopen();
  tell({"a"});
  EXPECT_EQ(after(Index{0}), Names{"a"});
  reopen();
  EXPECT_EQ(read_raw("default", kSchemaKey), std::to_string(kSchema));
}

}  // namespace
}  // namespace drover::store
