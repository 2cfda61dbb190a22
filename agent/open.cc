// How an agent comes to be: what must be there before it can run.
#include <pwd.h>
#include <sys/eventfd.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "agent/agent.h"
#include "agent/output_events.h"
#include "common/clock.h"
#include "common/limits.h"
#include "common/log.h"

namespace drover::agent {
namespace {

constexpr char kBootIdFile[] = "/proc/sys/kernel/random/boot_id";

Result<std::string> boot_id() {
  const auto content = read_file(kBootIdFile);
  if (!content) return content.error();
  std::string id = content->value_or("");
  while (!id.empty() && id.back() == '\n') id.pop_back();
  if (id.empty()) {
    return Error{ErrorKind::io,
                 std::string(kBootIdFile) + " is missing or empty; is /proc mounted?"};
  }
  return id;
}

// The account that the agent, and so every task, runs as.
core::Account account_of(const NodeId& node) {
  const passwd* entry = ::getpwuid(::geteuid());
  if (entry == nullptr) return {std::to_string(::geteuid()), "/", node};
  return {entry->pw_name, entry->pw_dir, node};
}

Result<std::string> absolute(const std::string& path) {
  std::error_code error;
  const auto full = std::filesystem::absolute(path, error);
  if (error || path.empty()) {
    return Error{ErrorKind::invalid, "'" + path + "' is no directory to keep state in"};
  }
  std::string text = full.lexically_normal().string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

std::string socket_path(const Options& options, const state::Layout& layout) {
  if (options.supervisor_socket.empty()) return layout.supervisor_socket();
  std::error_code error;
  return std::filesystem::absolute(options.supervisor_socket, error).string();
}

Status check_socket_path(const std::string& path) {
  if (path.size() < sizeof sockaddr_un::sun_path) return Done{};
  return Error{ErrorKind::invalid, "the supervisor's socket " + path + " has a path of " +
                                       std::to_string(path.size()) + " bytes, and " +
                                       std::to_string(sizeof sockaddr_un::sun_path - 1) +
                                       " are possible; choose a shorter --state-dir, or set "
                                       "--supervisor-socket"};
}

// Beside the agent's own program; empty if one is not to be started.
std::string supervisor_program(const Options& options) {
  if (!options.start_supervisor) return {};
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return (self.parent_path() / "drover-supervisor").string();
}

}  // namespace

struct Agent::Opened {
  state::Layout layout;
  FileLock lock;
  state::Identity identity;
  state::Journal journal;
  core::Recovered recovered;
};

Result<std::unique_ptr<Agent>> Agent::open(const Options& options) {
  auto opened = open_state(options);
  if (!opened) return opened.error();
  return std::unique_ptr<Agent>(new Agent(options, std::move(*opened)));
}

Result<Agent::Opened> Agent::open_state(const Options& options) {
  const auto root = absolute(options.state_dir);
  if (!root) return root.error();
  const state::Layout layout{*root};
  if (auto fits = check_socket_path(socket_path(options, layout)); !fits) return fits.error();
  if (auto made = ensure_directory(*root); !made) return made.error();
  auto lock = FileLock::take(layout.lock(), "another drover-agent");
  if (!lock) return lock.error();
  auto identity = state::load_or_make_identity(layout);
  if (!identity) return identity.error();
  const auto epoch = state::load_epoch(layout);
  if (!epoch) return epoch.error();
  const auto boot = boot_id();
  if (!boot) return boot.error();
  auto journal = state::Journal::open(layout, unix_now_ms());
  if (!journal) return journal.error();
  for (const std::string& path : journal->damaged_files) {
    log::warning("damaged piece of the journal set aside", {{"copy", path}});
  }
  return Opened{layout, std::move(*lock), *std::move(identity), std::move(journal->journal),
                core::Recovered{std::move(journal->records), !journal->damaged_files.empty(),
                                *epoch, *boot, new_uuid().text()}};
}

Agent::Agent(const Options& options, Opened opened)
    : options_(options),
      layout_(opened.layout),
      lock_(std::move(opened.lock)),
      identity_(std::move(opened.identity)),
      account_(account_of(identity_.node)),
      wakeup_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      journal_was_damaged_(opened.recovered.damaged),
      recovered_(std::move(opened.recovered)),
      journal_(std::move(opened.journal)),
      directories_(layout_, limits::kFinishedOutputsKept),
      sampler_("", metrics::allowed_cpus(), steady_now().count()),
      tasks_(""),
      supervisor_(socket_path(options_, layout_), supervisor_program(options_), tasks_),
      prober_([this] { wake(); }),
      output_(layout_),
      link_(
          options_.masters, [this] { wake(); }, output_events(output_)) {
  DROVER_CHECK(wakeup_, "an eventfd can be made");
}

}  // namespace drover::agent
