#include "common/wire/task_spec.h"

namespace drover::wire {

using std::chrono::milliseconds;

void write(const TaskSpec& task, v1::TaskSpec& message) {
  message.set_name(task.name);
  message.set_command(task.command);
  message.set_has_args(task.args.has_value());
  if (task.args) message.mutable_args()->Assign(task.args->begin(), task.args->end());
  message.mutable_env()->insert(task.env.begin(), task.env.end());
  if (task.working_dir) message.set_working_dir(*task.working_dir);
  if (task.stop_grace) message.set_stop_grace_ms(task.stop_grace->count());
}

TaskSpec read(const v1::TaskSpec& message) {
  TaskSpec task;
  task.name = message.name();
  task.command = message.command();
  if (message.has_args()) task.args.emplace(message.args().begin(), message.args().end());
  task.env.insert(message.env().begin(), message.env().end());
  if (message.has_working_dir()) task.working_dir = message.working_dir();
  if (message.has_stop_grace_ms()) task.stop_grace = milliseconds(message.stop_grace_ms());
  return task;
}

}  // namespace drover::wire
