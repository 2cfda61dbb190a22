#include "tests/chaos/work.h"

#include <boost/json.hpp>

#include "tests/chaos/marks.h"

namespace drover::test {
namespace {

namespace json = boost::json;

constexpr const char* kUntilStopped = "exec sleep 600";

std::string quoted(const std::string& text) { return json::serialize(json::string(text)); }

// Writes templates whose tasks all use one file and one token.
class Writer {
 public:
  Writer(const std::string& marks, std::string token)
      : mark_(mark_function(marks)), token_(std::move(token)) {}

  // `fields` are more members of the task's config.
  std::string task(const std::string& name, const std::string& command,
                   const std::string& fields = "") const {
    return R"({"name":)" + quoted(name) + R"(,"config":{"command":)" + quoted(mark_ + command) +
           fields + R"(,"env":{"CHAOS":)" + quoted(token_) + "}}}";
  }
  static std::string group(const std::string& tasks, const std::string& fields = "") {
    return "{" + fields + R"("tasks":[)" + tasks + "]}";
  }
  static std::string document(const std::string& name, const std::string& groups) {
    return R"({"name":)" + quoted(name) + R"(,"task_groups":[)" + groups + "]}";
  }

 private:
  std::string mark_;
  std::string token_;
};

}  // namespace

std::vector<Work> all_works(const std::string& marks, const std::string& token) {
  const Writer w(marks, token);
  const std::string brief = "mark begin; sleep 0.05; mark end";
  std::vector<Work> works;
  const auto add = [&](const char* name, const std::string& groups, Work::End end,
                       std::size_t tasks) {
    works.push_back({name, Writer::document(name, groups), end, tasks, false, false});
  };
  add("brief", Writer::group(w.task("only", brief)), Work::End::success, 1);
  add("several",
      Writer::group(w.task("left", brief) + "," + w.task("right", brief)) + "," +
          Writer::group(w.task("alone", brief)),
      Work::End::success, 3);
  add("failing", Writer::group(w.task("only", "mark begin; mark end; exit 3")), Work::End::failure,
      1);
  add("lasting", Writer::group(w.task("only", std::string("mark begin; ") + kUntilStopped)),
      Work::End::when_stopped, 1);
  add("deaf",
      Writer::group(w.task("only", std::string("trap '' TERM; mark begin; ") + kUntilStopped,
                           R"(,"stop_grace":"200ms")")),
      Work::End::when_stopped, 1);
  return works;
}

Work ticking_work(const std::string& name, const std::string& marks, const std::string& token,
                  const std::string& group_fields, Ticker ticker) {
  const Writer w(marks, token);
  const std::string more = ticker == Ticker::ignores_term ? R"(,"deaf")" : "";
  const std::string task = R"({"name":"only","config":{"command":)" + quoted(DROVER_TICKER) +
                           R"(,"args":[)" + quoted(marks) + more + R"(],"stop_grace":"300ms",)" +
                           R"("env":{"CHAOS":)" + quoted(token) + "}}}";
  return {name,
          Writer::document(name, Writer::group(task, group_fields)),
          Work::End::when_stopped,
          1,
          group_fields.find("on_failure") != std::string::npos,
          group_fields.find("exclusive") != std::string::npos};
}

}  // namespace drover::test
