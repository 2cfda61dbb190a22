#include "agent/state/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/agent/state/temporary_layout.h"

namespace drover::agent::state {
namespace {

using core::JournalRecord;

// One of each kind, all fields set.
std::vector<JournalRecord> records_of_each_kind() {
  core::AllocationSpec spec{allocation(1), "模板", {}};
  spec.tasks.push_back({"one",
                        "echo \"$X\"",
                        std::nullopt,
                        {{"X", "y=z"}},
                        "/tmp",
                        std::chrono::milliseconds(1500)});
  spec.tasks.push_back(
      {"two", "/bin/tool", std::vector<std::string>{"a b", ""}, {}, std::nullopt, std::nullopt});
  spec.tasks[1].after = {{"one", Awaited::succeeded}};
  spec.on_task_failure = OnTaskFailure::stop_group;
  const AttemptId first{allocation(1), 0, 1};
  const AttemptId second{allocation(1), 1, 2};
  return {
      core::BootRecord{"boot"},
      core::NameRecord{"journal"},
      core::AcceptedRecord{std::make_shared<core::AllocationSpec>(spec)},
      core::RequestedRecord{first, "12@34"},
      core::RequestedRecord{second, "12@34", 77},
      core::EndingRecord{first, EndReason::timeout},
      core::EndedRecord{first, 5, {6, core::Exited{255}, false}},
      core::EndedRecord{
          first, 5, {6, core::Exited{1}, false, false, EndReason::out_of_memory, 77, {5, 0, 6}}},
      core::EndedRecord{first, 5, {6, core::Signalled{9}, true}},
      core::EndedRecord{second, 0, {6, core::SpawnFailed{2, "exec"}, false}},
      core::EndedRecord{second, 0, {6, core::Lost{"why"}, false}},
      core::EndedRecord{second, 0, {6, core::NeverStarted{}, true}},
      core::EndedRecord{second, 0, {6, core::NeverStarted{"why"}, false}},
      core::EndedRecord{second, 0, {6, core::NeverStarted{"why"}, false, false, EndReason::group}},
      core::EndedRecord{first, 5, {6, core::Exited{1}, false}, core::NextAttempt{8, 9, 2}},
      core::RestartsRecord{allocation(1), 1, 7, {8, 9}},
      core::NoRestartsRecord{allocation(1)},
      core::WishRecord{allocation(1), false},
      core::WishRecord{allocation(1), true},
      core::ForgottenRecord{allocation(1)}};
}

std::string bytes_of(const std::vector<JournalRecord>& records) {
  std::string bytes;
  for (const auto& record : records) bytes += encode(record);
  return bytes;
}

TEST(JournalFormat, EveryRecordComesBackAsItWas) {
  const std::string bytes = bytes_of(records_of_each_kind());
  const Decoded decoded = decode(bytes);
  EXPECT_TRUE(decoded.damage.empty());
  EXPECT_EQ(decoded.truncated_at, bytes.size());
  ASSERT_EQ(decoded.records.size(), records_of_each_kind().size());
  EXPECT_EQ(bytes_of(decoded.records), bytes);
  const auto& spec = *std::get<core::AcceptedRecord>(decoded.records[2]).spec;
  EXPECT_EQ(spec.template_name, "模板");
  EXPECT_EQ(spec.tasks[1].args.value().at(0), "a b");
  EXPECT_EQ(spec.tasks[1].after.at("one"), Awaited::succeeded);
  EXPECT_EQ(spec.on_task_failure, OnTaskFailure::stop_group);
  EXPECT_EQ(spec.tasks[0].env, (std::map<std::string, std::string>{{"X", "y=z"}}));
  EXPECT_EQ(std::get<core::EndedRecord>(decoded.records[9]).end.cause,
            core::EndCause(core::SpawnFailed{2, "exec"}));
}

TEST(JournalFormat, TruncatedAnywhereGivesTheRecordsBeforeAndNoDamage) {
  const auto records = records_of_each_kind();
  const std::string bytes = bytes_of(records);
  std::vector<std::size_t> ends{0};
  for (const auto& record : records) ends.push_back(ends.back() + encode(record).size());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const Decoded decoded = decode(std::string_view(bytes).substr(0, length));
    const auto whole = std::upper_bound(ends.begin(), ends.end(), length) - ends.begin() - 1;
    ASSERT_EQ(decoded.records.size(), static_cast<std::size_t>(whole)) << "cut at " << length;
    ASSERT_EQ(decoded.truncated_at, ends[static_cast<std::size_t>(whole)]) << "cut at " << length;
    ASSERT_TRUE(decoded.damage.empty()) << "cut at " << length;
  }
}

TEST(JournalFormat, DamageOfAnyByteCostsOneRecordAndIsSeen) {
  const auto records = records_of_each_kind();
  const std::string bytes = bytes_of(records);
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[place] = static_cast<char>(damaged[place] ^ flip);
      const Decoded decoded = decode(damaged);
      ASSERT_EQ(decoded.records.size(), records.size() - 1) << "byte " << place;
      // In the last frame, too, where a length that grew is not taken for a missing end.
      ASSERT_EQ(decoded.damage.size(), 1U) << "byte " << place;
      ASSERT_LE(decoded.damage[0].offset, place);
    }
  }
}

TEST(JournalFormat, MissingAndForeignBytesAreDamage) {
  const std::string one = encode(core::BootRecord{"one"});
  const std::string two = encode(core::BootRecord{"two"});
  const Decoded decoded = decode(one.substr(3) + "noise" + two + std::string(50, '\0') + one);
  EXPECT_EQ(decoded.records.size(), 2U);
  EXPECT_EQ(decoded.damage.size(), 2U);
}

class JournalFile : public WithLayout {
 protected:
  Journal::Opened open() {
    auto opened = Journal::open(layout_, 77);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
    return *std::move(opened);
  }
};

TEST_F(JournalFile, KeepsWhatIsAppendedToWhatWasRewritten) {
  const auto records = records_of_each_kind();
  {
    Journal::Opened opened = open();
    EXPECT_TRUE(opened.records.empty());
    ASSERT_TRUE(opened.journal.begin({records[0]}, {}));
    ASSERT_TRUE(opened.journal.append({records[1], records[2]}));
    ASSERT_TRUE(opened.journal.append({}));
    ASSERT_TRUE(opened.journal.append({records[3]}));
  }
  const Journal::Opened opened = open();
  EXPECT_EQ(bytes_of(opened.records), bytes_of({records[0], records[1], records[2], records[3]}));
  EXPECT_TRUE(opened.damaged_files.empty());
}

TEST_F(JournalFile, SetsDamageAsideAndUsesTheRest) {
  const auto records = records_of_each_kind();
  std::string bytes = bytes_of(records);
  const std::size_t place = encode(records[0]).size() + 20;
  bytes[place] = static_cast<char>(bytes[place] ^ 1);
  write(layout_.journal(), bytes);
  const Journal::Opened opened = open();
  EXPECT_EQ(opened.records.size(), records.size() - 1);
  ASSERT_EQ(opened.damaged_files.size(), 1U);
  EXPECT_EQ(read(opened.damaged_files[0]),
            bytes.substr(encode(records[0]).size(), encode(records[1]).size()));
}

TEST_F(JournalFile, WantsARewriteOnceItHasGrown) {
  Journal::Opened opened = open();
  ASSERT_TRUE(opened.journal.begin({}, {}));
  EXPECT_FALSE(opened.journal.wants_rewrite());
  const core::BootRecord large{std::string(1024 * 1024, 'x')};
  for (int count = 0; count < 4; ++count) ASSERT_TRUE(opened.journal.append({large}));
  EXPECT_TRUE(opened.journal.wants_rewrite());
  ASSERT_TRUE(opened.journal.rewrite({large, large, large, large, large}));
  EXPECT_FALSE(opened.journal.wants_rewrite()) << "it is all alive";
}

TEST_F(JournalFile, ADiskThatCannotBeWrittenIsAnError) {
  std::filesystem::create_symlink("/dev/full", layout_.journal() + ".new");
  Journal::Opened opened = open();
  const auto written = opened.journal.begin(records_of_each_kind(), {});
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, testing::HasSubstr(layout_.journal() + ".new"));
}

}  // namespace
}  // namespace drover::agent::state
