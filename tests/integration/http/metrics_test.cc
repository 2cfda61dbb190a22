// What Prometheus reads.
#include <gtest/gtest.h>

#include <string>

#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

class MetricsPage : public MasterFixture {
 protected:
  // What stands behind `name`, labels included, at the beginning of a line; empty: there is none.
  std::string value(const std::string& name) const {
    const HttpResponse page = get("/metrics");
    EXPECT_EQ(page.status, 200);
    const std::string start = "\n" + name + " ";
    const std::size_t at = page.body.find(start);
    if (at == std::string::npos) return "";
    const std::size_t begin = at + start.size();
    return page.body.substr(begin, page.body.find('\n', begin) - begin);
  }
  std::string events(const std::string& kind) const {
    return value("drover_events_total{kind=\"" + kind + "\"}");
  }
  std::string instances(const std::string& state) const {
    return value("drover_instances{state=\"" + state + "\"}");
  }
};

TEST_F(MetricsPage, IsInTheFormatOfPrometheus) {
  const HttpResponse page = get("/metrics");
  EXPECT_EQ(page.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_TRUE(page.body.starts_with("# HELP drover_")) << page.body.substr(0, 200);
}

TEST_F(MetricsPage, CountsRequestsByRouteAndStatus) {
  get("/healthz");
  get("/healthz");
  get("/nowhere");
  get("/api/v1/instances/x");
  const std::string requests = "drover_http_requests_total";
  EXPECT_EQ(value(requests + R"({method="GET",route="/healthz",status="2xx"})"), "2");
  EXPECT_EQ(value(requests + R"({method="",route="none",status="4xx"})"), "1");
  EXPECT_EQ(value(requests + R"({method="GET",route="/api/v1/instances/{id}",status="4xx"})"), "1");
  EXPECT_EQ(value("drover_http_request_duration_seconds_count"
                  R"({method="GET",route="/healthz"})"),
            "2");
}

TEST_F(MetricsPage, FollowsTheInstances) {
  create_template("it");
  const Agent agent = agent_connects("10.0.0.1");
  EXPECT_EQ(value(R"(drover_nodes{status="online"})"), "1");
  deploy("it");
  const auto copy = outbox_.await_start();
  EXPECT_EQ(instances("starting"), "1");
  EXPECT_EQ(events("allocation.placed"), "1");
  agent_reports(agent, *copy, core::TaskEnd{});
  EXPECT_EQ(instances("running"), "1");
  EXPECT_EQ(instances("starting"), "0");
  EXPECT_EQ(events("task.started"), "1");
  core::TaskEnd end;
  end.kind = core::EndKind::exited;
  agent_reports(agent, *copy, end);
  EXPECT_EQ(instances("running"), "0");
  EXPECT_EQ(events("task.ended"), "1");
  EXPECT_EQ(value("drover_templates"), "1");
  agent_reports_load(agent, 1, 2);
  EXPECT_EQ(value("drover_heartbeats_total"), "1");
}

}  // namespace
}  // namespace drover::test
