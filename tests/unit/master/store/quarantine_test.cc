// Records that cannot be read: named, out of the way, kept; everything else is served.
#include <gtest/gtest.h>

#include "master/store/keys.h"
#include "master/store/record_codec.h"
#include "master/store/sealed.h"
#include "tests/unit/master/store/store_fixture.h"

namespace drover::store {
namespace {

class QuarantineTest : public RocksDbStoreTest {
 protected:
  // One record of each kind.
  void SetUp() override {
    RocksDbStoreTest::SetUp();
    core::Node node;
    node.id = node_;
    core::Changes changes;
    changes.templates = {test::a_template("good"), test::a_template("bad")};
    changes.instances = {test::an_instance(instance_, core::InstanceState::running)};
    changes.allocations = {test::an_allocation(instance_, {core::TaskState::running, 1, 1, 0, {}})};
    changes.nodes = {std::make_shared<const core::Node>(node)};
    changes.finished = {test::a_finished_instance(ended_, 1)};
    commit(changes);
  }

  std::size_t records(const Loaded& loaded) const {
    const auto& records = loaded.records;
    return records.templates.size() + records.instances.size() + records.allocations.size() +
           records.nodes.size();
  }

  const InstanceId instance_{new_uuid()};
  const InstanceId ended_{new_uuid()};
  const NodeId node_{new_uuid()};
};

TEST_F(QuarantineTest, ADamagedRecordIsNamedAndKeptAndTheRestIsRead) {
  const std::string key(instance_.raw());
  write_raw("instances", key, "\x07 what was there");
  const Loaded loaded = reopen();
  EXPECT_EQ(4u, records(loaded));
  ASSERT_EQ(1u, loaded.set_aside.size());
  EXPECT_EQ("instances/" + instance_.text() + ": the record's format is 7, known is 2",
            loaded.set_aside[0]);
  EXPECT_TRUE(in_history(ended_));

  EXPECT_EQ("", read_raw("instances", key));
  const auto kept = values_raw("quarantine");
  ASSERT_EQ(1u, kept.size());
  const auto record = decode_quarantined(kept[0]);
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ("instances", record->family);
  EXPECT_EQ(key, record->key);
  EXPECT_EQ("\x07 what was there", record->value);
  EXPECT_EQ("the record's format is 7, known is 2", record->reason);
  EXPECT_LT(0, record->at);
  EXPECT_TRUE(reopen().set_aside.empty());  // said once
}

TEST_F(QuarantineTest, EveryRecordsPlaceIsNamed) {
  write_raw("templates", "bad", "");
  write_raw("allocations", allocation_key(instance_, 0), "");
  write_raw("nodes", std::string(node_.raw()), "");
  const std::vector<std::string> expected{
      "templates/bad: the record is empty",
      "allocations/" + instance_.text() + ".0: the record is empty",
      "nodes/" + node_.text() + ": the record is empty"};
  EXPECT_EQ(expected, reopen().set_aside);
}

TEST_F(QuarantineTest, ARecordUnderAnothersKeyIsNotTaken) {
  write_raw("templates", "bad", encode(*test::a_template("good")));
  const Loaded loaded = reopen();
  ASSERT_EQ(1u, loaded.set_aside.size());
  EXPECT_EQ("templates/bad: the record stands under a key that is not its own",
            loaded.set_aside[0]);
  EXPECT_EQ(4u, records(loaded));
}

TEST_F(QuarantineTest, EarlierVersionsOfATemplateAreReadUnderKeysOfTheirOwn) {
  core::Template newest = *test::a_template("bad");
  newest.version = 2;
  core::Changes changes;
  changes.former_templates = {test::a_template("bad")};
  changes.templates = {std::make_shared<const core::Template>(newest)};
  commit(changes);
  const Loaded loaded = reopen();
  EXPECT_TRUE(loaded.set_aside.empty());
  EXPECT_EQ(3u, loaded.records.templates.size());
  // Under the key of another version it is none.
  write_raw("templates", former_template_key("bad", 3), encode(*test::a_template("bad")));
  EXPECT_EQ(1u, reopen().set_aside.size());
}

TEST_F(QuarantineTest, WhatStandsInItsPlaceLaterIsUntouched) {
  write_raw("templates", "bad", "damaged");
  reopen();
  core::Changes changes;
  changes.templates = {test::a_template("bad")};
  commit(changes);
  const Loaded loaded = reopen();
  EXPECT_TRUE(loaded.set_aside.empty());
  EXPECT_EQ(2u, loaded.records.templates.size());
}

TEST_F(QuarantineTest, EveryByteOfEveryValueMayBeFlippedOrCutOff) {
  const std::vector<std::pair<std::string, std::string>> places{
      {"templates", "bad"},
      {"instances", std::string(instance_.raw())},
      {"allocations", allocation_key(instance_, 0)},
      {"nodes", std::string(node_.raw())}};
  for (const auto& [family, key] : places) {
    const std::string value = read_raw(family, key);
    // What a value may come to is tried on the codec for each byte; here, that a start survives it.
    for (std::size_t place = 0; place < value.size(); place += 29) {
      SCOPED_TRACE(family + " byte " + std::to_string(place));
      std::string flipped = value;
      flipped[place] = static_cast<char>(~flipped[place]);
      for (const std::string& damaged : {flipped, value.substr(0, place)}) {
        write_raw(family, key, damaged);
        const Loaded loaded = reopen();
        EXPECT_EQ(1u, loaded.set_aside.size());
        EXPECT_EQ(4u, records(loaded));
        EXPECT_TRUE(in_history(ended_));
      }
    }
    write_raw(family, key, value);
    EXPECT_EQ(5u, records(reopen()));
  }
}

TEST_F(QuarantineTest, ADamagedRecordOfTheHistoryIsAnErrorOfItsOwn) {
  write_raw("history", std::string(ended_.raw()), "damaged");
  EXPECT_TRUE(reopen().set_aside.empty());
  const auto found = store_->find_finished(ended_);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(ErrorKind::invalid, found.error().kind);
  EXPECT_NE(std::string::npos, found.error().message.find(ended_.text()));
}

TEST_F(QuarantineTest, ADamagedHeadIsReplacedByItsCopy) {
  ASSERT_TRUE(store_->begin_epoch(Epoch{7}).ok());
  for (const char* key : {kMetaKey, kMetaCopyKey}) {
    write_raw("default", key, "damaged");
    const Loaded loaded = reopen();
    EXPECT_EQ(Epoch{7}, loaded.last_epoch);
    EXPECT_EQ(Index{1}, loaded.last_index);
    ASSERT_TRUE(store_->begin_epoch(Epoch{7}).ok());  // which writes both anew
  }
}

TEST_F(QuarantineTest, WithoutAHeadTheStoreIsNotTouched) {
  write_raw("default", kMetaKey, "damaged");
  write_raw("default", kMetaCopyKey, "damaged");
  write_raw("templates", "bad", "damaged");
  open();
  const auto loaded = store_->load();
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(std::string::npos, loaded.error().message.find("damaged head"));
  EXPECT_NE(std::string::npos, loaded.error().message.find("backup"));
  EXPECT_EQ("damaged", read_raw("templates", "bad"));
}

}  // namespace
}  // namespace drover::store
