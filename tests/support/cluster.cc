#include "tests/support/cluster.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/support/http_client.h"

namespace drover::test {
namespace {

const std::string kBin = DROVER_BIN_DIR;

std::string name_of(int agent) { return "agent " + std::to_string(agent); }

std::string quoted(const std::string& text) {
  return boost::json::serialize(boost::json::string(text));
}

boost::json::object object_of(const Reply& reply) {
  EXPECT_EQ(200, reply.status) << reply.body;
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(reply.body, error);
  EXPECT_TRUE(!error && value.is_object()) << reply.body;
  return value.is_object() ? value.get_object() : boost::json::object();
}

// The process that listens at a unix socket; -1 where none does. Its command line would not tell:
// until a task has become its own program, it has the one of the supervisor that it comes from.
pid_t listener_at(const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error(path + " is too long");
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ucred listener{};
  socklen_t size = sizeof listener;
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &listener, &size) != 0) {
    return -1;
  }
  return listener.pid;
}

// Supervisors at this socket, those included that only start, and tasks that only begin.
std::vector<pid_t> supervisors_at(const std::string& socket) {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string line = read_proc(entry.path() / "cmdline");
    if (line.find("drover-supervisor") != std::string::npos &&
        line.find(socket) != std::string::npos) {
      found.push_back(std::stoi(name));
    }
  }
  return found;
}

}  // namespace

Surroundings preloaded(const std::string& library, const std::string& variable,
                       const std::string& path) {
  Surroundings surroundings;
  surroundings.environment = {{variable, path}, {"LD_PRELOAD", library}};
#if defined(__SANITIZE_ADDRESS__)
  const char* options = std::getenv("ASAN_OPTIONS");
  surroundings.environment["ASAN_OPTIONS"] =
      std::string("verify_asan_link_order=0:") + (options == nullptr ? "" : options);
#endif
  return surroundings;
}

Cluster::~Cluster() {
  // Agents first, so that none starts another supervisor; a supervisor ends its tasks with it.
  for (const auto& [number, agent] : agents_) agent->kill();
  for (const auto& [number, agent] : agents_) end_supervisor(number);
}

void Cluster::replace(std::unique_ptr<Process>& process, const std::string& name,
                      const std::vector<std::string>& arguments) {
  constexpr std::size_t kKept = 1024 * 1024;
  std::string& log = former_logs_[name];
  if (process) {
    if (!process->ended()) process->kill();
    log += process->output();
    log.erase(0, log.size() - std::min(log.size(), kKept));
  }
  process = std::make_unique<Process>(arguments, surroundings_.environment);
}

void Cluster::start_master(const std::vector<std::string>& flags) {
  launch_master(flags);
  await_master();
}

void Cluster::launch_master(const std::vector<std::string>& flags) {
  std::vector<std::string> arguments{
      kBin + "/drover-master",
      "--data-dir",
      surroundings_.data_dir.empty() ? directory_ / "master" : surroundings_.data_dir,
      "--http-listen",
      kHttpListen + (":" + std::to_string(http_port())),
      "--agent-listen",
      surroundings_.agent_listen + ":" + std::to_string(agent_port())};
  for (const auto& more : {surroundings_.master_flags, flags}) {
    arguments.insert(arguments.end(), more.begin(), more.end());
  }
  replace(master_, "master", arguments);
}

void Cluster::await_master() {
  if (!master_->await_line(" ready ")) throw std::runtime_error("the master did not start");
}

void Cluster::start_agent(int number, const std::vector<std::string>& flags) {
  launch_agent(number, flags);
  await_agent(number);
}

void Cluster::launch_agent(int number, const std::vector<std::string>& flags) {
  const std::string master = surroundings_.master_address ? surroundings_.master_address(number)
                                                          : surroundings_.agent_listen;
  std::vector<std::string> arguments{kBin + "/drover-agent",
                                     "--master",
                                     master + ":" + std::to_string(agent_port()),
                                     "--state-dir",
                                     state_dir(number),
                                     "--advertise-ip",
                                     "127.0.0." + std::to_string(number + 1)};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  const auto start = [&] { replace(agents_[number], name_of(number), arguments); };
  if (surroundings_.at_node) {
    surroundings_.at_node(number, start);
  } else {
    start();
  }
}

void Cluster::await_agent(int number) {
  if (!agent(number).await_line(" ready ")) throw std::runtime_error("an agent did not start");
}

std::vector<int> Cluster::agent_numbers() const {
  std::vector<int> numbers;
  for (const auto& [number, agent] : agents_) numbers.push_back(number);
  return numbers;
}

std::map<std::string, std::string> Cluster::logs() const {
  std::map<std::string, std::string> logs = former_logs_;
  if (master_) logs["master"] += master_->output();
  for (const auto& [number, agent] : agents_) logs[name_of(number)] += agent->output();
  return logs;
}

std::string Cluster::log_tails(std::size_t bytes) const {
  std::string text;
  for (const auto& [name, log] : logs()) {
    const std::size_t cut = log.size() - std::min(log.size(), bytes);
    text += "--- the end of the log of " + name + "\n" + log.substr(cut);
  }
  return text;
}

std::string Cluster::log_lines(const std::string& part) const {
  std::string found;
  for (const auto& [name, log] : logs()) {
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
      if (line.find(part) != std::string::npos) found += name + ": " + line + "\n";
    }
  }
  return found;
}

std::string Cluster::state_dir(int agent) const {
  const auto elsewhere = surroundings_.state_dirs.find(agent);
  return elsewhere != surroundings_.state_dirs.end()
             ? elsewhere->second
             : directory_ / ("agent" + std::to_string(agent));
}

void Cluster::await_online(int count) {
  EXPECT_TRUE(eventually([&] {
    int online = 0;
    for (const auto& [ip, status] : nodes()) online += status == 0 ? 1 : 0;
    return online == count;
  })) << "not "
      << count << " nodes online";
}

std::string Cluster::socket_of(int number) const { return state_dir(number) + "/supervisor.sock"; }

pid_t Cluster::supervisor(int number) const {
  const pid_t pid = listener_at(socket_of(number));
  return pid > 0 && process_exists(pid) ? pid : -1;
}

void Cluster::end_supervisor(int number) const {
  std::set<pid_t> told;
  EXPECT_TRUE(eventually([&] {
    const std::vector<pid_t> left = supervisors_at(socket_of(number));
    for (const pid_t pid : left) {
      if (told.insert(pid).second) ::kill(pid, SIGTERM);
    }
    return left.empty();
  })) << "the supervisor of agent "
      << number << " does not end";
}

Reply Cluster::get(const std::string& path) const {
  const auto response = HttpClient(http_port()).get(path);
  return response ? Reply{response->status, response->body} : Reply{};
}

Reply Cluster::put(const std::string& path, const std::string& body) const {
  HttpClient client(http_port());
  client.send(client.request("PUT", path, body));
  const auto response = client.read();
  return response ? Reply{response->status, response->body} : Reply{};
}

Reply Cluster::post(const std::string& path, const std::string& body) const {
  const auto response = HttpClient(http_port()).post(path, body);
  return response ? Reply{response->status, response->body} : Reply{};
}

void Cluster::create(const std::string& name, const std::string& command) {
  create(R"({"name":)" + quoted(name) +
         R"(,"task_groups":[{"tasks":[{"name":"task","config":{"command":)" + quoted(command) +
         "}}]}]}");
}

void Cluster::create(const std::string& document) {
  EXPECT_EQ(R"({"status":"success"})", post("/api/task/task_group", document).body);
}

std::string Cluster::deploy(const std::string& name) {
  const auto reply =
      object_of(post("/api/task/task_group/deploy", R"({"name":)" + quoted(name) + "}"));
  return reply.empty() ? "" : boost::json::value_to<std::string>(reply.at("id"));
}

int Cluster::status(const std::string& id) const {
  const auto reply = object_of(post("/api/task/task_group/query", R"({"id":")" + id + R"("})"));
  return reply.empty() ? -1 : static_cast<int>(reply.at("status").as_int64());
}

void Cluster::stop(const std::string& id) const {
  EXPECT_EQ(R"({"id":")" + id + R"("})",
            post("/api/task/task_group/stop", R"({"id":")" + id + R"("})").body);
}

std::vector<std::pair<std::string, int>> Cluster::nodes() const {
  std::vector<std::pair<std::string, int>> list;
  const auto reply = object_of(get("/api/task/node"));
  if (reply.empty()) return list;
  for (const auto& node : reply.at("nodes").as_array()) {
    list.emplace_back(boost::json::value_to<std::string>(node.at("ip")),
                      static_cast<int>(node.at("status").as_int64()));
  }
  return list;
}

void Cluster::await_status(const std::string& id, int wanted) const {
  EXPECT_TRUE(eventually([&] { return status(id) == wanted; }))
      << "instance " << id << " has not status " << wanted;
}

std::string Cluster::output(int agent, const std::string& id, const std::string& stream) const {
  std::ifstream file(state_dir(agent) + "/output/" + id + ".0.1/0.1." + stream, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace drover::test
