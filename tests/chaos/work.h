// The kinds of work that clients deploy, and how each has to end.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace drover::test {

struct Work {
  enum class End { success, failure, when_stopped };

  std::string name;      // of the template
  std::string document;  // the template, as JSON
  End end = End::success;
  std::size_t tasks = 0;       // of an instance, all groups together
  bool may_run_again = false;  // its restart policy is another than `never`
  bool exclusive = false;
};

// Tasks mark what they do in the file `marks`, and carry `token` in their environment.
std::vector<Work> all_works(const std::string& marks, const std::string& token);

// One group with one task that marks all the time until it is stopped. `group_fields` are more
// members of the group, each with a comma behind it.
enum class Ticker { ends_at_term, ignores_term };
Work ticking_work(const std::string& name, const std::string& marks, const std::string& token,
                  const std::string& group_fields, Ticker ticker = Ticker::ends_at_term);

}  // namespace drover::test
