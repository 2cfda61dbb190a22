#include "common/ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

namespace drover {
namespace {

constexpr char kText[] = "0190b5e2-7c3a-7def-8123-456789abcdef";

TEST(UuidTest, TextComesBackAsItWas) {
  const auto uuid = Uuid::parse(kText);
  ASSERT_TRUE(uuid);
  EXPECT_EQ(uuid->text(), kText);
  EXPECT_EQ(uuid->bytes[0], 0x01);
  EXPECT_EQ(uuid->bytes[15], 0xef);
}

TEST(UuidTest, UpperCaseNamesTheSameUuid) {
  EXPECT_EQ(Uuid::parse("0190B5E2-7C3A-7DEF-8123-456789ABCDEF"), Uuid::parse(kText));
}

TEST(UuidTest, NothingButTheFullFormIsAUuid) {
  const std::string text = kText;
  for (const std::string& wrong :
       {std::string(), text.substr(1), text + "0", "{" + text + "}", " " + text.substr(1),
        std::string("0190b5e27c3a7def8123456789abcdef"),
        std::string("0190b5e2-7c3a-7def-8123-456789abcdeg"),
        std::string("0190b5e2_7c3a-7def-8123-456789abcdef"),
        std::string("0190b5e-27c3a-7def-8123-456789abcdef"), std::string(36, '\0'),
        std::string(36, '-')}) {
    EXPECT_FALSE(Uuid::parse(wrong)) << wrong;
  }
}

TEST(UuidTest, BytesComeBackAsTheyWere) {
  const auto uuid = Uuid::parse(kText);
  ASSERT_TRUE(uuid);
  EXPECT_EQ(uuid->raw().size(), 16U);
  EXPECT_EQ(Uuid::from_bytes(uuid->raw()), uuid);
  EXPECT_FALSE(Uuid::from_bytes(uuid->raw().substr(1)));
  EXPECT_FALSE(Uuid::from_bytes(std::string(17, 'x')));
  EXPECT_TRUE(Uuid{}.is_nil());
  EXPECT_FALSE(uuid->is_nil());
}

// The example of RFC 9562, appendix A.6.
TEST(UuidTest, Version7IsLaidOutAsTheRfcSays) {
  const Uuid uuid =
      make_uuid_v7(0x017F22E279B0, {0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F});
  EXPECT_EQ(uuid.text(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(UuidTest, Version7OrdersByTimeAndThenByTheRest) {
  std::array<std::uint8_t, 10> low{}, high{};
  high.fill(0xff);
  EXPECT_LT(make_uuid_v7(999, high), make_uuid_v7(1000, low));
  EXPECT_LT(make_uuid_v7(1000, low), make_uuid_v7(1000, high));
  EXPECT_LT(make_uuid_v7(1000, low).text(), make_uuid_v7(1000, high).text());
}

TEST(UuidTest, NewOnesAreOfVersion7AndGrow) {
  Uuid last = new_uuid();
  for (int round = 0; round < 20'000; ++round) {  // more than one millisecond has numbers for
    const Uuid next = new_uuid();
    ASSERT_LT(last, next);
    ASSERT_EQ(next.bytes[6] >> 4, 7);
    ASSERT_EQ(next.bytes[8] >> 6, 2);
    last = next;
  }
}

TEST(UuidTest, ThreadsNeverMakeTheSameOne) {
  std::vector<std::vector<Uuid>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&mine] {
      for (int round = 0; round < 5000; ++round) mine.push_back(new_uuid());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::unordered_set<Uuid> all;
  for (const auto& mine : made) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), 20'000U);
}

TEST(AllocationIdTest, TextComesBackAsItWas) {
  const std::string text = std::string(kText) + ".3.12";
  const auto id = AllocationId::parse(text);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->instance.text(), kText);
  EXPECT_EQ(id->slot, 3U);
  EXPECT_EQ(id->generation, 12U);
  EXPECT_EQ(id->text(), text);
}

TEST(AttemptIdTest, TextComesBackAsItWas) {
  const std::string text = std::string(kText) + ".0.1.7.4294967295";
  const auto id = AttemptId::parse(text);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->task, 7U);
  EXPECT_EQ(id->attempt, 4294967295U);
  EXPECT_EQ(id->text(), text);
}

TEST(AllocationIdTest, OneIdHasOneText) {
  const std::string instance = kText;
  for (const char* tail : {"", ".", ".1", ".1.", "..1", ".1.x", ".1.-1", ".1.+1", ".1. 1", ".1.01",
                           ".00.1", ".1.4294967296", ".1.1.1", ".1.1 ", ".0x1.1"}) {
    EXPECT_FALSE(AllocationId::parse(instance + tail)) << tail;
  }
  EXPECT_FALSE(AllocationId::parse(".1.1"));
  EXPECT_FALSE(AllocationId::parse("no-instance.1.1"));
  EXPECT_FALSE(AttemptId::parse(instance + ".0.1"));
  EXPECT_FALSE(AttemptId::parse(instance + ".0.1.1"));
}

TEST(AllocationIdTest, EveryPartTellsTwoApart) {
  const InstanceId instance{*Uuid::parse(kText)};
  const std::unordered_set<AllocationId> ids{
      {instance, 0, 1}, {instance, 1, 1}, {instance, 0, 2}, {InstanceId{}, 0, 1}};
  EXPECT_EQ(ids.size(), 4U);
  EXPECT_LT((AllocationId{instance, 0, 2}), (AllocationId{instance, 1, 1}));
}

}  // namespace
}  // namespace drover
