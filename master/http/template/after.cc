#include "master/http/template/after.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/limits.h"
#include "master/http/json_text.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;

namespace {

MaybeProblem any_name(std::string_view, const Place&) { return std::nullopt; }

// Finds a task that waits for itself, by going from each task to what it waits for.
class Cycles {
 public:
  explicit Cycles(const std::vector<TaskSpec>& tasks) : tasks_(tasks), seen_(tasks.size()) {
    for (std::size_t task = 0; task < tasks.size(); ++task) names_.emplace(tasks[task].name, task);
  }

  // The way around, the first task at the end again; empty if there is none.
  std::vector<std::size_t> find() {
    for (std::size_t task = 0; task < tasks_.size(); ++task) {
      if (seen_[task] == Seen::not_yet && leads_around(task)) return around_;
    }
    return {};
  }

 private:
  enum class Seen { not_yet, on_the_way, done };

  // As deep as the way is long: limits::kTasksPerGroup at the most.
  bool leads_around(std::size_t task) {
    seen_[task] = Seen::on_the_way;
    way_.push_back(task);
    for (const auto& [name, awaited] : tasks_[task].after) {
      const std::size_t next = names_.at(name);
      if (seen_[next] == Seen::on_the_way) {
        around_.assign(std::find(way_.begin(), way_.end(), next), way_.end());
        around_.push_back(next);
        return true;
      }
      if (seen_[next] == Seen::not_yet && leads_around(next)) return true;
    }
    seen_[task] = Seen::done;
    way_.pop_back();
    return false;
  }

  const std::vector<TaskSpec>& tasks_;
  std::unordered_map<std::string_view, std::size_t> names_;
  std::vector<Seen> seen_;
  std::vector<std::size_t> way_;
  std::vector<std::size_t> around_;
};

// "a after b after a"; of a long one the beginning and the end.
std::string spelled(const std::vector<std::size_t>& around, const std::vector<TaskSpec>& tasks) {
  constexpr std::size_t kShown = 8;
  std::string text = excerpt(tasks[around.front()].name);
  for (std::size_t place = 1; place < around.size(); ++place) {
    const bool is_shown = place < kShown || place + 1 == around.size();
    if (is_shown) text += " after " + excerpt(tasks[around[place]].name);
    if (place == kShown && !is_shown) text += " after ...";
  }
  return text;
}

MaybeProblem check_names(const std::vector<TaskSpec>& tasks, const Place& place) {
  std::unordered_map<std::string_view, const TaskSpec*> names;
  for (const TaskSpec& task : tasks) names.emplace(task.name, &task);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const Place at(place, i);
    const Place after(at, "after");
    for (const auto& [name, awaited] : tasks[i].after) {
      const Place member(after, name);
      if (name == tasks[i].name) {
        return problem_at(member, Code::invalid_value,
                          "a task cannot wait for itself; leave it out");
      }
      const auto found = names.find(name);
      if (found == names.end()) {
        return problem_at(member, Code::invalid_value,
                          "no task of this group is called " + excerpt(name) +
                              "; name another task of the same group");
      }
      if (awaited != Awaited::healthy || found->second->health) continue;
      return problem_at(member, Code::invalid_value,
                        "task " + excerpt(name) +
                            " has no \"health\" that could say so; give it one, or wait for "
                            "\"started\"");
    }
  }
  return std::nullopt;
}

}  // namespace

MaybeProblem read_after(const json::value& value, const Place& place, TaskSpec& task) {
  return read_members(value, place, {limits::kTasksAwaited, "tasks", any_name},
                      [&task](const std::string& name, const json::value& member, const Place& at) {
                        return read_word(member, at, kAwaited, task.after[name]);
                      });
}

MaybeProblem check_order(const std::vector<TaskSpec>& tasks, const Place& place) {
  if (auto problem = check_names(tasks, place)) return problem;
  const std::vector<std::size_t> around = Cycles(tasks).find();
  if (around.empty()) return std::nullopt;
  const Place at(place, around.front());
  return problem_at(Place(at, "after"), Code::invalid_value,
                    "the tasks would wait for each other for ever: " + spelled(around, tasks));
}

}  // namespace drover::http
