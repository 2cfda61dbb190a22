#include "tests/integration/http/master_fixture.h"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <future>

namespace drover::test {

void RecordingOutbox::send(std::vector<core::MessageToAgent> messages) {
  const std::lock_guard lock(mutex_);
  for (const core::MessageToAgent& message : messages) {
    if (const auto* start = std::get_if<core::StartAllocation>(&message.content)) {
      starts_.push_back(start->allocation);
    }
  }
  changed_.notify_all();
}

core::Ptr<core::Allocation> RecordingOutbox::await_start() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, std::chrono::seconds(20), [this] { return !starts_.empty(); })) {
    ADD_FAILURE() << "no agent was told to start anything";
    return std::make_shared<const core::Allocation>();
  }
  core::Ptr<core::Allocation> first = starts_.front();
  starts_.erase(starts_.begin());
  return first;
}

void MasterFixture::SetUp() {
  auto store = store::open_rocksdb(directory_.path());
  ASSERT_TRUE(store) << store.error().message;
  store_ = *std::move(store);
  auto loaded = store_->load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_TRUE(store_->begin_epoch(Epoch{1}));
  core::State state = core::rebuild(std::move(loaded->records), {}, {});
  view_ = std::make_unique<engine::View>(state);
  engine::Engine::Options options{[](const std::string& reason) { ADD_FAILURE() << reason; }};
  measured_ = std::make_unique<metrics::MeasuredStore>(*store_, metrics_);
  engine_ = std::make_unique<engine::Engine>(std::move(state), loaded->last_index, *measured_,
                                             *view_, outbox_, options);
  engine_->start();

  http::ServerOptions http_options;
  http_options.listen = {"127.0.0.1", 0};
  configure(http_options);
  auto server = http::Server::start(http_options, {*engine_, *view_, *store_, outputs_, metrics_});
  ASSERT_TRUE(server) << server.error().message;
  server_ = *std::move(server);
}

void MasterFixture::TearDown() {
  if (server_) server_->stop();
  if (engine_) engine_->stop();
}

HttpResponse MasterFixture::post(const std::string& path, std::string_view body) const {
  HttpClient client = connect();
  const auto response = client.post(path, body);
  EXPECT_TRUE(response) << path;
  return response.value_or(HttpResponse());
}

HttpResponse MasterFixture::get(const std::string& path) const {
  HttpClient client = connect();
  const auto response = client.get(path);
  EXPECT_TRUE(response) << path;
  return response.value_or(HttpResponse());
}

HttpResponse MasterFixture::exchange(std::string_view bytes) const {
  HttpClient client = connect();
  client.send(bytes);
  const auto response = client.read();
  EXPECT_TRUE(response) << bytes.substr(0, 200);
  return response.value_or(HttpResponse());
}

void MasterFixture::create_template(const std::string& name) const {
  const HttpResponse response = post("/api/task/task_group", template_document(name));
  EXPECT_EQ(response.body, R"({"status":"success"})");
}

std::string MasterFixture::deploy(const std::string& name) const {
  const HttpResponse response = post("/api/task/task_group/deploy", R"({"name":")" + name + "\"}");
  EXPECT_EQ(response.status, 200) << response.body;
  constexpr std::size_t kIdAt = 7;  // {"id":"
  constexpr std::size_t kIdSize = 36;
  const std::string id = response.body.substr(std::min(kIdAt, response.body.size()), kIdSize);
  EXPECT_EQ(response.body, R"({"id":")" + id + R"("})");
  EXPECT_TRUE(InstanceId::parse(id)) << response.body;
  return id;
}

int MasterFixture::status(const std::string& id) const {
  const HttpResponse response = post("/api/task/task_group/query", R"({"id":")" + id + R"("})");
  EXPECT_EQ(response.status, 200) << response.body;
  const std::string running = R"({"id":")" + id + R"(","status":0})";
  const std::string over = R"({"id":")" + id + R"(","status":1})";
  EXPECT_TRUE(response.body == running || response.body == over) << response.body;
  return response.body == running ? 0 : 1;
}

// Hands a command to the engine and waits until it is durable.
void MasterFixture::run(core::Command command) {
  auto done = std::make_shared<std::promise<void>>();
  auto waiting = done->get_future();
  ASSERT_TRUE(engine_->submit_from_agent({std::move(command)},
                                         [done](const core::Reply&) { done->set_value(); }));
  ASSERT_EQ(waiting.wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

MasterFixture::Agent MasterFixture::agent_connects(const std::string& ip) {
  core::OpenSession hello;
  hello.node = NodeId{new_uuid()};
  hello.session = SessionId{++last_session_};
  hello.ip = ip;
  hello.boot_id = "boot";
  hello.cpu_count = 4;
  hello.memory_bytes = 1ULL << 30;
  const Agent agent{hello.node, hello.session};
  run(hello);
  return agent;
}

void MasterFixture::agent_reports_load(const Agent& agent, std::uint8_t cpu, std::uint8_t memory) {
  run(core::Heartbeat{agent.session, agent.node, {cpu, memory}});
}

void MasterFixture::agent_leaves(const Agent& agent) {
  run(core::CloseSession{agent.session, agent.node, true});
}

void MasterFixture::agent_reports(const Agent& agent, const core::Allocation& allocation,
                                  core::TaskEnd end) {
  core::AttemptReport report;
  report.id = {allocation.id, 0, 1};
  report.started_at = 1;
  if (end.kind != core::EndKind::none) report.ended_at = 2;
  report.end = std::move(end);
  agent_reports(agent, report);
}

void MasterFixture::agent_reports(const Agent& agent, const core::AttemptReport& report) {
  run(core::ReportAttempts{agent.session, agent.node, {report}});
}

void MasterFixture::expect_healthy() const {
  EXPECT_EQ(get("/healthz").status, 200);
  const HttpResponse nodes = get("/api/task/node");
  EXPECT_EQ(nodes.status, 200) << nodes.body;
}

std::string template_document(const std::string& name, const std::string& command) {
  return R"({"name":")" + name + R"(","task_groups":[{"tasks":[{"name":"t","config":{"command":")" +
         command + R"("}}]}]})";
}

std::size_t private_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  std::size_t of_files = 0;
  statm >> total >> resident >> of_files;
  return (resident - of_files) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace drover::test
