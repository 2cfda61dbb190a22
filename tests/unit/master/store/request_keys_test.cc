// What clients' keys were used for, as the store keeps it.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "common/limits.h"
#include "master/store/keys.h"
#include "master/store/record_codec.h"
#include "tests/unit/master/store/store_fixture.h"

namespace drover::store {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class RequestKeysTest : public RocksDbStoreTest {
 protected:
  core::UsedKey use(const std::string& key) {
    core::UsedKey used{key, std::string(32, 'd'), InstanceId{new_uuid()}};
    core::Changes changes;
    changes.used_keys = {used};
    commit(changes);
    return used;
  }
  std::optional<core::UsedKey> find(const std::string& key) {
    auto found = store_->find_key(key);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : std::nullopt;
  }
  void run_for(milliseconds time) {
    ASSERT_TRUE(store_->trim(now_).ok());
    ASSERT_TRUE(store_->trim(now_ += time).ok());
  }

  milliseconds now_{5000};
};

TEST_F(RequestKeysTest, AreFoundByTheirWholeText) {
  const core::UsedKey used = use("deploy-1");
  EXPECT_EQ(find("deploy-1"), used);
  EXPECT_EQ(find("deploy-"), std::nullopt);
  EXPECT_EQ(find("deploy-11"), std::nullopt);
  reopen();
  EXPECT_EQ(find("deploy-1"), used);
}

TEST_F(RequestKeysTest, AreKeptADayOfRunningMasters) {
  run_for(hours(1));
  const core::UsedKey first = use("first");
  run_for(hours(12));
  const core::UsedKey second = use("second");
  reopen();
  now_ = milliseconds(100);  // another boot
  run_for(limits::kRequestKeyAge - hours(12));
  EXPECT_EQ(find("first"), first);
  run_for(hours(1));
  EXPECT_EQ(find("first"), std::nullopt);
  EXPECT_EQ(find("second"), second);
  run_for(hours(12));
  EXPECT_EQ(find("second"), std::nullopt);
  EXPECT_TRUE(values_raw("request_keys").empty());
  EXPECT_TRUE(values_raw("request_order").empty());
}

TEST_F(RequestKeysTest, AreUsedAgainAfterThat) {
  use("again");
  run_for(limits::kRequestKeyAge + hours(1));
  const core::UsedKey later = use("again");
  EXPECT_EQ(find("again"), later);
  run_for(hours(1));
  EXPECT_EQ(find("again"), later);
}

TEST_F(RequestKeysTest, ManyGoInSeveralGoes) {
  const std::size_t count = limits::kKeyTrimBatches + 10;
  for (std::size_t number = 0; number < count; ++number) use("key" + std::to_string(number));
  run_for(limits::kRequestKeyAge + hours(1));
  EXPECT_EQ(find("key0"), std::nullopt);
  EXPECT_TRUE(find("key" + std::to_string(count - 1)));
  ASSERT_TRUE(store_->trim(now_).ok());
  EXPECT_EQ(find("key" + std::to_string(count - 1)), std::nullopt);
}

TEST_F(RequestKeysTest, ThatAreDamagedAreAnErrorAndNotUnknown) {
  use("spoiled");
  write_raw("request_keys", "spoiled", "x");
  open();
  ASSERT_FALSE(store_->find_key("spoiled"));
  EXPECT_EQ(store_->find_key("spoiled").error().kind, ErrorKind::invalid);
  const core::UsedKey other = use("other");
  write_raw("request_keys", "moved", encode(other));
  open();
  EXPECT_FALSE(store_->find_key("moved")) << "another key's record";
}

TEST_F(RequestKeysTest, DamagedOrderHoldsNothingUp) {
  use("one");
  write_raw("request_order", big_endian(1), "x");
  reopen();
  index_ = 1;
  use("two");
  run_for(limits::kRequestKeyAge + hours(1));
  EXPECT_EQ(find("two"), std::nullopt);
}

}  // namespace
}  // namespace drover::store
