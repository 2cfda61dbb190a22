#include "tests/chaos/marks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <map>
#include <sstream>

namespace drover::test {

BootMs boot_now() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return (now.tv_sec * 100 + now.tv_nsec / 10'000'000) * 10;
}

std::string Mark::group() const { return allocation.substr(0, allocation.rfind('.')); }

std::string Mark::attempt_id() const { return allocation + " " + task + " " + attempt; }

std::vector<Mark> read_marks(const std::string& file) {
  std::vector<Mark> marks;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    // A task is in the middle of it: what crosses a page of the file is seen page by page.
    if (lines.eof()) break;
    std::istringstream words(line);
    Mark mark;
    std::string what;
    double seconds = 0;
    words >> what >> seconds >> mark.instance >> mark.allocation >> mark.task >> mark.attempt;
    mark.what = what == "begin"  ? Mark::What::begin
                : what == "tick" ? Mark::What::tick
                                 : Mark::What::end;
    mark.when = static_cast<BootMs>(seconds * 100 + 0.5) * 10;
    if (!words || (mark.what == Mark::What::end && what != "end")) {
      ADD_FAILURE() << "not a mark: '" << line << "' in " << file;
      continue;
    }
    marks.push_back(mark);
  }
  return marks;
}

BootMs longest_overlap(const std::vector<Mark>& marks, const std::string& instance) {
  struct Life {
    std::string group;
    BootMs first;
    BootMs last;
  };
  std::map<std::string, Life> lives;  // by allocation
  for (const Mark& mark : marks) {
    if (mark.instance != instance) continue;
    Life& life = lives.try_emplace(mark.allocation, Life{mark.group(), mark.when, 0}).first->second;
    life.first = std::min(life.first, mark.when);
    life.last = std::max(life.last, mark.when);
  }
  BootMs longest = 0;
  for (auto one = lives.begin(); one != lives.end(); ++one) {
    for (auto other = std::next(one); other != lives.end(); ++other) {
      const auto& [a, b] = std::pair(one->second, other->second);
      if (a.group != b.group) continue;
      longest = std::max(longest, std::min(a.last, b.last) - std::max(a.first, b.first));
    }
  }
  return longest;
}

std::string mark_function(const std::string& file) {
  return "mark() { read now idle </proc/uptime; echo \"$1 $now $DROVER_INSTANCE_ID "
         "$DROVER_ALLOCATION_ID $DROVER_TASK $DROVER_ATTEMPT\" >>" +
         file + "; }; ";
}

}  // namespace drover::test
