#include "tests/chaos/load.h"

#include <gtest/gtest.h>

#include "tests/support/process.h"

namespace drover::test {

Load::Load(Ledger& ledger, std::vector<Work> works, std::uint16_t port, std::uint64_t seed,
           int clients)
    : ledger_(ledger), works_(std::move(works)), port_(port) {
  for (int number = 0; number < clients; ++number) {
    threads_.emplace_back([this, seed, number] {
      Client client(seed + static_cast<std::uint64_t>(number));
      client.name = "client-" + std::to_string(number);
      run(client);
    });
  }
}

void Load::finish() {
  finishing_ = true;
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

bool Load::take_one() {
  int left = allowed_;
  while (left > 0) {
    if (allowed_.compare_exchange_weak(left, left - 1)) return true;
  }
  return false;
}

bool Load::connect(Client& client) {
  if (client.connection) return true;
  if (!reachable_) return false;
  client.connection =
      std::make_unique<HttpClient>(port_, "127.0.0.1", HttpClient::Refusal::is_expected);
  if (!client.connection->connected()) client.connection.reset();
  return client.connection != nullptr;
}

void Load::run(Client& client) {
  while (!finishing_) {
    const bool ready =
        eventually([&] { return finishing_ || (allowed_ > 0 && connect(client)); }, kPatience);
    if (!ready || finishing_ || !take_one()) continue;
    const auto dice = client.random() % 100;
    if (dice < 5) {
      create(client);
    } else if (dice < 35 && !client.lasting.empty()) {
      stop(client);
    } else {
      deploy(client);
    }
  }
}

std::string Load::post(Client& client, const std::string& path, const std::string& body) {
  const auto response = client.connection->post(path, body);
  if (!response) {
    client.connection.reset();
    return "";
  }
  // A master may be too busy, and says so; anything else is no answer to a proper request.
  EXPECT_TRUE(response->status == 200 || response->status == 429 || response->status == 503)
      << path << " " << body << " was answered " << response->status << " " << response->body;
  return response->status == 200 ? response->body : "";
}

void Load::create(Client& client) {
  const std::string name = client.name + "-" + std::to_string(client.created++);
  const std::string document = R"({"name":")" + name +
                               R"(","task_groups":[{"tasks":[{"name":"t","config":)" +
                               R"({"command":"true"}}]}]})";
  if (post(client, "/api/task/task_group", document).empty()) {
    ledger_.unanswered();
  } else {
    ledger_.created(name, document);
  }
}

void Load::deploy(Client& client) {
  const Work& work = works_[client.random() % works_.size()];
  const std::string answer =
      post(client, "/api/task/task_group/deploy", R"({"name":")" + work.name + R"("})");
  if (answer.empty()) {
    ledger_.deploy_unanswered();
    return;
  }
  const std::string id = answer.substr(7, 36);
  ledger_.deployed(id, work);
  if (work.end == Work::End::when_stopped) client.lasting.push_back(id);
}

void Load::stop(Client& client) {
  std::swap(client.lasting[client.random() % client.lasting.size()], client.lasting.back());
  const std::string id = client.lasting.back();
  client.lasting.pop_back();
  ledger_.stop_asked(id);
  if (post(client, "/api/task/task_group/stop", R"({"id":")" + id + R"("})").empty()) {
    ledger_.stop_unanswered(id);
  } else {
    ledger_.stop_acknowledged(id);
  }
}

}  // namespace drover::test
