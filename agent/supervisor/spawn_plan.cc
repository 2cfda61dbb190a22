#include "agent/supervisor/spawn_plan.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include "agent/supervisor/exec_path.h"
#include "agent/supervisor/input.h"
#include "common/process_limits.h"

namespace drover::supervisor {
namespace {

// The first entry of this name counts, as it does for getenv(3).
std::optional<std::string_view> variable(const Spawn& request, std::string_view name) {
  for (const std::string& entry : request.environment()) {
    const std::string_view text(entry);
    if (text.starts_with(name) && text.substr(name.size()).starts_with('=')) {
      return text.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

// A C string would end at a NUL byte within.
bool has_nul(const Spawn& request) {
  const auto is_cut = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  return is_cut(request.program()) || is_cut(request.working_dir()) ||
         std::any_of(request.arguments().begin(), request.arguments().end(), is_cut) ||
         std::any_of(request.environment().begin(), request.environment().end(), is_cut);
}

rlim_t limit_of(std::uint64_t value) {
  return value == kUnlimited ? RLIM_INFINITY : static_cast<rlim_t>(value);
}

}  // namespace

Failure SpawnPlan::prepare() {
  if (has_nul(request_)) return {EINVAL, "request"};
  if (const Failure failure = take_user(); failure.error_number != 0) return failure;
  if (const Failure failure = take_limits(); failure.error_number != 0) return failure;
  if (request_.has_input()) {
    Input input = make_input(request_.input());
    if (!input.fd) return {input.error_number, "stdin"};
    input_ = std::move(input.fd);
  }
  if (request_.has_umask()) child_.umask = request_.umask() & 0777;
  if (!request_.working_dir().empty()) child_.working_dir = request_.working_dir().c_str();
  fill_candidates();
  fill_arguments();
  fill_environment();
  return {};
}

Failure SpawnPlan::take_user() {
  if (request_.user().empty()) return {};
  UserLookup found = look_up_user(request_.user());
  if (found.error_number != 0) return {found.error_number, found.failed_step};
  User& user = found.user;
  if (!variable(request_, "HOME")) added_.push_back("HOME=" + user.home);
  if (!variable(request_, "USER")) added_.push_back("USER=" + user.name);
  if (user.is_own) return {};
  child_.changes_user = true;
  child_.uid = user.uid;
  child_.gid = user.gid;
  child_.groups = user.groups;
  if (!request_.own_working_dir()) return {};
  child_.enters_before_user = true;
  return {make_over(request_.working_dir(), user), "chdir"};
}

Failure SpawnPlan::take_limits() {
  for (const ProcessLimit& limit : request_.limits()) {
    const ProcessLimitKind* kind = find_process_limit(limit.resource());
    if (kind == nullptr) return {EINVAL, "request"};
    child_.limits.push_back(
        {kind->resource, {limit_of(limit.soft()), limit_of(limit.hard())}, kind->step});
  }
  return {};
}

void SpawnPlan::fill_candidates() {
  paths_ = exec_candidates(request_.program(), variable(request_, "PATH"));
  for (const std::string& path : paths_) child_.candidates.push_back(path.c_str());
  child_.candidates.push_back(nullptr);
}

void SpawnPlan::fill_arguments() {
  std::vector<const char*>& out = child_.shell_arguments;
  out.reserve(static_cast<std::size_t>(request_.arguments_size()) + 3);
  out.push_back("/bin/sh");
  if (request_.arguments().empty()) out.push_back(request_.program().c_str());
  for (const std::string& argument : request_.arguments()) out.push_back(argument.c_str());
  out.push_back(nullptr);
}

void SpawnPlan::fill_environment() {
  std::vector<const char*>& out = child_.environment;
  out.reserve(static_cast<std::size_t>(request_.environment_size()) + added_.size() + 2);
  for (const std::string& entry : request_.environment()) out.push_back(entry.c_str());
  for (const std::string& entry : added_) out.push_back(entry.c_str());
  if (!place_.environment.empty()) out.push_back(place_.environment.c_str());
  out.push_back(nullptr);
}

}  // namespace drover::supervisor
