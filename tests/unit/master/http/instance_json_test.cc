// How an instance is shown.
#include "master/http/api/instance_json.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <utility>

#include "master/http/api/timestamp.h"
#include "tests/support/records.h"

namespace drover::http {
namespace {

namespace json = boost::json;

class InstanceJson : public testing::Test {
 protected:
  json::object show() const {
    const auto copy = std::make_shared<const core::Allocation>(copy_);
    return json::parse(instance_json(*instance_, {copy}, {versions(), cluster_})).get_object();
  }
  Versions versions() const {
    core::Template record;
    record.spec = spec_;
    return {{copy_.version, std::make_shared<const core::Template>(record)}};
  }
  std::string cause() const { return json::value_to<std::string>(show().at("cause")); }

  InstanceId id_{new_uuid()};
  core::Ptr<core::Instance> instance_ = test::an_instance(id_, core::InstanceState::degraded);
  core::Allocation copy_ = *test::an_allocation(id_, {core::TaskState::running, 1, 1, 0, {}});
  core::TemplateSpec spec_ = test::a_template_spec("work");
  core::ClusterStatus cluster_;
};

TEST_F(InstanceJson, ShowsGroupsAndTasks) {
  const json::object out = show();
  EXPECT_EQ(json::value_to<std::string>(out.at("id")), id_.text());
  EXPECT_EQ(out.at("state"), "degraded");
  EXPECT_EQ(out.at("created"), "2023-11-14T22:13:20.000Z");
  EXPECT_FALSE(out.contains("cause")) << "nothing is wrong with what is shown";
  EXPECT_FALSE(out.contains("scheduled_for")) << "somebody has deployed it";
  const json::object& group = out.at("groups").as_array().at(0).as_object();
  EXPECT_EQ(json::value_to<std::string>(group.at("allocation")), id_.text() + ".0.1");
  EXPECT_EQ(group.at("state"), "running");
  const json::object& task = group.at("tasks").as_array().at(0).as_object();
  EXPECT_EQ(task.at("name"), "task");
  EXPECT_EQ(task.at("attempt"), 1);
}

TEST_F(InstanceJson, SaysForWhichNodeACopyOfASystemInstanceWaits) {
  copy_.pinned = std::exchange(copy_.node, std::nullopt);
  copy_.tasks[0] = {};
  copy_.waits_for = core::WaitReason::its_node;
  const json::object waits = show();
  const json::object& group = waits.at("groups").as_array().at(0).as_object();
  EXPECT_EQ(json::value_to<std::string>(group.at("for_node")), copy_.pinned->text());
  EXPECT_EQ(group.at("waits_for"), "its_node");
  EXPECT_NE(cause().find("the node that it is for takes no work now"), std::string::npos);

  copy_.node = copy_.pinned;
  const json::object runs = show();
  const json::object& placed = runs.at("groups").as_array().at(0).as_object();
  EXPECT_FALSE(placed.contains("for_node"));
  EXPECT_EQ(json::value_to<std::string>(placed.at("node")), copy_.pinned->text());
}

TEST_F(InstanceJson, SaysWhichDueTimeHasMadeIt) {
  core::Instance made = *instance_;
  made.scheduled_for = 1'700'000'040'000;
  instance_ = std::make_shared<const core::Instance>(made);
  EXPECT_EQ(show().at("scheduled_for"), "2023-11-14T22:14:00.000Z");
}

TEST_F(InstanceJson, NamesTheCauseOfAnEnd) {
  copy_.tasks[0] = {core::TaskState::failed, 1, 1, 2, {core::EndKind::spawn_failed, 2, "exec"}};
  EXPECT_EQ(cause(), "group 0: task 'task' could not be started: exec: No such file or directory");
  copy_.tasks[0].end = {core::EndKind::signaled, 9, {}};
  EXPECT_EQ(cause(), "group 0: task 'task' was ended by signal 9");
  copy_.tasks[0].end = {core::EndKind::signaled, 15, {}, true};
  EXPECT_EQ(cause(),
            "group 0: task 'task' was ended by signal 15, ended by its node, whose lease had run "
            "out");
  copy_.tasks[0].end = {core::EndKind::exited, 0, {}, false, EndReason::timeout};
  EXPECT_EQ(cause(),
            "group 0: task 'task' exited with 0, ended by its node as its timeout was over");
  copy_.tasks[0].end = {core::EndKind::signaled, 9, {}, false, EndReason::out_of_memory, 12};
  EXPECT_EQ(cause(),
            "group 0: task 'task' was ended by signal 9, out of memory: the kernel killed of it");
  const json::object out = show();
  const json::object& group = out.at("groups").as_array().at(0).as_object();
  const json::object& task = group.at("tasks").as_array().at(0).as_object();
  EXPECT_EQ(task.at("reason"), "out_of_memory");
  EXPECT_EQ(task.at("output_dropped_bytes"), 12);
  copy_.tasks[0] = {core::TaskState::lost, 1, 1, 2, {core::EndKind::lost, 0, "why"}};
  EXPECT_EQ(cause(), "group 0: task 'task' was lost: why");
}

TEST_F(InstanceJson, SaysWhatTheFailureOfAnotherTaskHasDone) {
  copy_.tasks[0] = {
      core::TaskState::failed, 1, 0, 2, {core::EndKind::never_started, 0, "'a' has failed"}};
  copy_.tasks[0].end.reason = EndReason::group;
  EXPECT_EQ(cause(), "group 0: task 'task' was not begun: 'a' has failed");
  copy_.tasks[0].end.reason = EndReason::itself;
  EXPECT_EQ(cause(), "group 0: task 'task' was not taken: 'a' has failed");
  copy_.tasks[0].end = {core::EndKind::signaled, 15, {}, false, EndReason::group};
  EXPECT_EQ(cause(),
            "group 0: task 'task' was ended by signal 15, ended by its node as another task of its "
            "group had failed");
}

TEST_F(InstanceJson, ShowsWhenATaskIsBegunAgainAndWhatItHasDoneBefore) {
  copy_.tasks[0] = {core::TaskState::restarting, 2, 1, 2, {core::EndKind::exited, 7, {}}, 3'000};
  copy_.tasks[0].previous.push_back({1, 0, 1, {core::EndKind::signaled, 9, {}}});
  EXPECT_EQ(cause(),
            "group 0: task 'task' exited with 7; its node begins it again at "
            "1970-01-01T00:00:03.000Z");
  const json::value out = show();
  const json::object& task = out.at("groups").at(0).at("tasks").at(0).as_object();
  EXPECT_EQ(task.at("state"), "restarting");
  EXPECT_EQ(task.at("attempt"), 2);
  EXPECT_EQ(task.at("restarts"), 1);
  EXPECT_EQ(task.at("exit_code"), 7);
  EXPECT_EQ(task.at("next_start"), "1970-01-01T00:00:03.000Z");
  const json::object& before = task.at("previous").at(0).as_object();
  EXPECT_EQ(before.at("attempt"), 1);
  EXPECT_EQ(before.at("signal"), 9);
  EXPECT_FALSE(before.contains("started"));
}

TEST_F(InstanceJson, SaysHowChecksFoundATask) {
  const auto task = [this] { return show().at("groups").at(0).at("tasks").at(0).as_object(); };
  EXPECT_FALSE(task().contains("health")) << "nothing is known";
  copy_.tasks[0].health = {Health::unhealthy, 1'700'000'000'000, "HTTP 503"};
  const json::object health = task().at("health").as_object();
  EXPECT_EQ(health.at("state"), "unhealthy");
  EXPECT_EQ(health.at("since"), "2023-11-14T22:13:20.000Z");
  EXPECT_EQ(health.at("failure"), "HTTP 503");
  EXPECT_EQ(cause(), "group 0: task 'task' is unhealthy: HTTP 503");
}

TEST_F(InstanceJson, EachCopyIsCalledAsItsOwnVersionCallsIt) {
  core::Allocation newer = copy_;
  newer.id.slot = 1;
  newer.version = 2;
  core::Template renamed;
  renamed.spec = test::a_template_spec("work");
  renamed.spec.groups[0].tasks[0].name = "renamed";
  Versions both = versions();
  both.emplace(2, std::make_shared<const core::Template>(renamed));
  const auto names = [&](const Versions& known) {
    const std::vector<core::Ptr<core::Allocation>> copies{
        std::make_shared<const core::Allocation>(copy_),
        std::make_shared<const core::Allocation>(newer)};
    const json::value out = json::parse(instance_json(*instance_, copies, {known, cluster_}));
    std::vector<std::string> found;
    for (const json::value& group : out.at("groups").as_array()) {
      found.push_back(json::value_to<std::string>(group.at("tasks").at(0).at("name")));
    }
    return found;
  };
  EXPECT_EQ(names(both), (std::vector<std::string>{"task", "renamed"}));
  EXPECT_EQ(names(versions()), (std::vector<std::string>{"task", ""})) << "one is gone";
}

TEST_F(InstanceJson, SaysWhatAnEndedAttemptHasUsed) {
  copy_.tasks[0] = {core::TaskState::succeeded, 2, 1, 5, {core::EndKind::exited, 0, {}}};
  copy_.tasks[0].end.used = {1'499, 0, 1 << 20};
  core::FormerAttempt former{1, 1, 2, {core::EndKind::exited, 3, {}}};
  former.end.used = {2'500, 0, 0};
  copy_.tasks[0].previous.push_back(former);
  const json::object out = show();
  const json::value& task = out.at("groups").at(0).at("tasks").at(0);
  EXPECT_EQ(task.at("used"), (json::object{{"cpu_ms", 1}, {"memory_peak_bytes", 1 << 20}}));
  EXPECT_EQ(task.at("previous").at(0).at("used"), (json::object{{"cpu_ms", 3}}));
}

TEST_F(InstanceJson, SaysWhatARunningAttemptTakes) {
  const auto task_with = [this](const AttemptId& measured) {
    const auto copy = std::make_shared<const core::Allocation>(copy_);
    Surroundings around{versions(), cluster_};
    around.uses[measured] = {measured, {7'000, 2 << 20, 3 << 20}, 1000};
    const json::value out = json::parse(instance_json(*instance_, {copy}, around));
    return out.at("groups").at(0).at("tasks").at(0).as_object();
  };
  EXPECT_EQ(task_with({copy_.id, 0, 1}).at("used"), (json::object{{"cpu_ms", 7},
                                                                  {"memory_bytes", 2 << 20},
                                                                  {"memory_peak_bytes", 3 << 20},
                                                                  {"at", timestamp(1000)}}));
  EXPECT_FALSE(task_with({copy_.id, 0, 2}).contains("used")) << "that is another attempt";
  copy_.tasks[0].state = core::TaskState::unknown;
  EXPECT_FALSE(task_with({copy_.id, 0, 1}).contains("used")) << "nobody knows whether it runs";
}

TEST_F(InstanceJson, SaysWhatIsNotEnforced) {
  const auto shown = [this](const NodeLacks& lacks) {
    const auto copy = std::make_shared<const core::Allocation>(copy_);
    const json::value out =
        json::parse(instance_json(*instance_, {copy}, {versions(), cluster_, lacks}));
    return out.at("groups").at(0).at("tasks").at(0).as_object();
  };
  const NodeLacks both{{*copy_.node, {"cgroup", "cpu_limits", "memory_limits"}}};
  EXPECT_FALSE(shown(both).contains("not_enforced")) << "nothing was asked for";
  spec_.groups.at(0).tasks.at(0).resources = TaskResources{500, 1 << 20};
  EXPECT_EQ(shown(both).at("not_enforced"), (json::array{"cpu", "memory"}));
  EXPECT_EQ(shown({{*copy_.node, {"memory_limits"}}}).at("not_enforced"), json::array{"memory"});
  EXPECT_FALSE(shown({{*copy_.node, {}}}).contains("not_enforced"));
  EXPECT_FALSE(shown({}).contains("not_enforced"));
}

TEST_F(InstanceJson, SaysWhyItWaits) {
  copy_.node.reset();
  copy_.tasks[0] = {};
  copy_.waits_for = core::WaitReason::nodes_avoided;
  EXPECT_NE(cause().find("failed too often"), std::string::npos);
  EXPECT_FALSE(show().at("groups").as_array().at(0).as_object().contains("node"));
}

TEST_F(InstanceJson, SaysThatItsNodeIsSilentAndThatTheMasterSuspectsItself) {
  copy_.tasks[0].state = core::TaskState::unknown;
  EXPECT_EQ(cause(), "group 0: node " + copy_.node->text() + " is silent");
  cluster_ = {true, 4, 2, 6, 0};
  EXPECT_NE(cause().find("while 4 of 6 nodes are silent"), std::string::npos) << cause();
}

TEST_F(InstanceJson, RemembersFormerCopies) {
  copy_.id.generation = 3;
  copy_.former.push_back(
      {2, {}, NodeId{new_uuid()}, core::TaskState::failed, {core::EndKind::exited, 7, {}}, 1});
  const json::object group = show().at("groups").as_array().at(0).as_object();
  EXPECT_EQ(group.at("generation"), 3);
  const json::object& former = group.at("former").as_array().at(0).as_object();
  EXPECT_EQ(former.at("generation"), 2);
  EXPECT_EQ(former.at("exit_code"), 7);
}

TEST(Timestamp, IsRfc3339InUtcWithMilliseconds) {
  EXPECT_EQ(timestamp(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(timestamp(1'700'000'000'123), "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(timestamp(951'782'400'007), "2000-02-29T00:00:00.007Z");
  EXPECT_EQ(timestamp(-1), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace drover::http
