// Instances in pages, those that have ended and those that have not.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <string>
#include <vector>

#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

namespace json = boost::json;
using Ids = std::vector<std::string>;

class InstanceList : public MasterFixture {
 protected:
  void SetUp() override {
    MasterFixture::SetUp();
    create_template("it");
    agent_ = agent_connects("10.0.0.1");
  }
  std::string run() {
    const std::string id = deploy("it");
    core::TaskEnd end;
    end.kind = core::EndKind::exited;
    agent_reports(agent_, *outbox_.await_start(), core::TaskEnd{});
    return id;
  }
  std::string run_to_the_end(std::int32_t code = 0) {
    const std::string id = deploy("it");
    core::TaskEnd end;
    end.kind = core::EndKind::exited;
    end.code = code;
    agent_reports(agent_, *outbox_.await_start(), end);
    return id;
  }
  json::object page(const std::string& query) const {
    const HttpResponse response = get("/api/v1/instances" + query);
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body).as_object();
  }
  static Ids ids(const json::object& page) {
    Ids out;
    for (const json::value& each : page.at("instances").as_array()) {
      out.push_back(json::value_to<std::string>(each.at("id")));
    }
    return out;
  }
  Ids ids(const std::string& query) const { return ids(page(query)); }

  Agent agent_;
};

TEST_F(InstanceList, AreOneListWhereverTheyAre) {
  Ids made;
  for (int i = 0; i < 4; ++i) {
    made.insert(made.begin(), run_to_the_end());
    made.insert(made.begin(), run());
  }
  EXPECT_EQ(ids(""), made);
  EXPECT_FALSE(page("").contains("cursor"));
  for (const int limit : {1, 2, 3, 5, 8, 9}) {
    Ids all;
    std::string query = "?limit=" + std::to_string(limit);
    for (int pages = 0; pages < 20; ++pages) {
      const json::object one = page(query);
      const Ids some = ids(one);
      EXPECT_LE(some.size(), static_cast<std::size_t>(limit));
      all.insert(all.end(), some.begin(), some.end());
      if (!one.contains("cursor")) break;
      query = "?limit=" + std::to_string(limit) +
              "&cursor=" + json::value_to<std::string>(one.at("cursor"));
    }
    EXPECT_EQ(all, made) << limit;
  }
}

TEST_F(InstanceList, AreFiltered) {
  const std::string good = run_to_the_end(0);
  const std::string bad = run_to_the_end(3);
  const std::string runs = run();
  EXPECT_EQ(ids("?state=running"), Ids{runs});
  EXPECT_EQ(ids("?state=failed"), Ids{bad});
  EXPECT_EQ(ids("?state=completed,failed"), (Ids{bad, good}));
  EXPECT_EQ(ids("?template=it").size(), 3U);
  EXPECT_EQ(ids("?template=other").size(), 0U);
  EXPECT_EQ(ids("?node=" + agent_.node.text()).size(), 3U);
  EXPECT_EQ(ids("?node=" + NodeId{new_uuid()}.text()).size(), 0U);
  EXPECT_EQ(ids("?node=" + agent_.node.text() + "&state=running"), Ids{runs});
  EXPECT_EQ(ids("?since=2001-01-01T00:00:00Z").size(), 3U);
  EXPECT_EQ(ids("?until=2001-01-01T00:00:00Z").size(), 0U);
  EXPECT_EQ(ids("?since=2999-01-01T00:00:00Z").size(), 0U);
  const std::string created =
      json::value_to<std::string>(json::parse(get("/api/v1/instances/" + bad).body).at("created"));
  EXPECT_EQ(ids("?until=" + created + "&state=failed").size(), 0U) << "it is made then, not before";
  EXPECT_EQ(ids("?since=" + created + "&state=failed"), Ids{bad});
}

TEST_F(InstanceList, AreFilteredByTheLabelsOfTheirTemplates) {
  const std::string body =
      R"({"name":"labelled","labels":{"team":"data","tier":"1"},"task_groups":[{"tasks":[)"
      R"({"name":"t","config":{"command":"true"}}]}]})";
  ASSERT_EQ(post("/api/task/task_group", body).status, 200);
  const std::string id = deploy("labelled");
  run();
  EXPECT_EQ(ids("?label=team=data"), Ids{id});
  EXPECT_EQ(ids("?label=team=data,tier=1"), Ids{id});
  EXPECT_EQ(ids("?label=team=data,tier=2"), Ids{});
}

TEST_F(InstanceList, RefuseWhatTheyDoNotKnow) {
  for (const char* query :
       {"?state=well", "?label=team", "?label==x", "?node=1", "?since=yesterday", "?cursor=x",
        "?limit=0", "?limit=1001", "?states=running"}) {
    const HttpResponse response = get(std::string("/api/v1/instances") + query);
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_EQ(response.code(), "unexpected_query") << query;
  }
}

TEST_F(InstanceList, AreStoppedByTheirPaths) {
  const auto code_of = [this](const std::string& id) {
    const HttpResponse response = post("/api/v1/instances/" + id + "/stop", "");
    return response.status == 200 ? response.body : response.code();
  };
  const std::string runs = run();
  const std::string ended = run_to_the_end();
  EXPECT_EQ(code_of(runs), R"({"id":")" + runs + R"("})");
  EXPECT_EQ(ids("?state=stopping"), Ids{runs});
  EXPECT_EQ(code_of(ended), R"({"id":")" + ended + R"("})") << "it is";
  EXPECT_EQ(code_of(InstanceId{new_uuid()}.text()), "unknown_instance");
  EXPECT_EQ(code_of("x"), "invalid_id");
}

TEST_F(InstanceList, ANodeShowsWhatIsThere) {
  const std::string runs = run();
  run_to_the_end();
  const auto node = json::parse(get("/api/v1/nodes/" + agent_.node.text()).body).as_object();
  const json::array& there = node.at("allocations").as_array();
  ASSERT_EQ(there.size(), 1U);
  EXPECT_EQ(json::value_to<std::string>(there[0].at("instance")), runs);
}

TEST_F(InstanceList, LosesWhatIsRemoved) {
  const auto remove = [this](const std::string& id) {
    return exchange("DELETE /api/v1/instances/" + id + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  };
  const std::string running = run();
  const std::string over = run_to_the_end();
  EXPECT_EQ(remove(running).code(), "instance_not_over");
  EXPECT_EQ(remove(over).status, 200);
  EXPECT_EQ(remove(over).code(), "unknown_instance");
  EXPECT_EQ(get("/api/v1/instances/" + over).status, 404);
  EXPECT_EQ(ids(""), Ids{running});
  const std::string events = get("/api/v1/events?kind=instance.removed").body;
  EXPECT_NE(events.find(over), std::string::npos) << events;
}

}  // namespace
}  // namespace drover::test
