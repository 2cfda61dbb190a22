// How an instance stands, from what the API says of it. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace drover::cli {

// Whether an instance in this state has ended.
bool is_over(std::string_view state);

std::size_t count_tasks(const boost::json::object& instance);
// Whether any of its tasks has begun.
bool has_begun(const boost::json::object& instance);

// "2 of 3 tasks run, 1 has ended"; empty: it has no tasks.
std::string tasks_text(const boost::json::object& instance);

// What `run` ends with: the code of a task that exited, 128 and the number of the signal that ended
// it, or kTaskLost, kTaskNotStarted; 1 where the code is 0 and the task was no success all the
// same. Of several tasks, the first counts that was no success; 0 where all were. `instance` has
// ended.
int exit_code_of_tasks(const boost::json::object& instance);

}  // namespace drover::cli
