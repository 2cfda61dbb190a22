#include "tests/bench/support/cpu_time.h"

#include <time.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace drover::bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec time{};
  if (::clock_gettime(clock, &time) != 0) throw std::runtime_error("cannot read a CPU clock");
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double seconds_of_ticks(double ticks) {
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::string path_of(pid_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

std::ifstream open_proc(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  return file;
}

// The fields of /proc/PID/stat by the numbers that proc(5) gives them; the first two are left out.
std::vector<std::string> stat_fields(pid_t pid) {
  std::ifstream file = open_proc(path_of(pid, "stat"));
  std::string line;
  std::getline(file, line);
  std::vector<std::string> fields(3);
  // The name may hold anything, a parenthesis included.
  std::istringstream rest(line.substr(line.rfind(')') + 1));
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

// As `stat_fields`, whose third stands at 3.
constexpr std::size_t kSystemTime = 15;
constexpr std::size_t kReapedUserTime = 16;
constexpr std::size_t kReapedSystemTime = 17;

}  // namespace

double process_cpu(pid_t pid) {
  clockid_t clock{};
  if (::clock_getcpuclockid(pid, &clock) != 0) {
    throw std::runtime_error("there is no process " + std::to_string(pid));
  }
  return seconds_of(clock);
}

double reaped_cpu(pid_t pid) {
  const auto fields = stat_fields(pid);
  return seconds_of_ticks(std::stod(fields.at(kReapedUserTime)) +
                          std::stod(fields.at(kReapedSystemTime)));
}

double process_system_cpu(pid_t pid) {
  return seconds_of_ticks(std::stod(stat_fields(pid).at(kSystemTime)));
}

double thread_cpu() { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }

double machine_cpu() {
  std::ifstream file = open_proc("/proc/stat");
  std::string name;
  // user nice system idle iowait irq softirq steal; what guests compute is in user already.
  std::array<double, 8> ticks{};
  file >> name;
  for (double& each : ticks) file >> each;
  constexpr std::size_t kIdle = 3;
  constexpr std::size_t kWaitsForDisk = 4;
  double busy = 0;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    if (i != kIdle && i != kWaitsForDisk) busy += ticks[i];
  }
  return seconds_of_ticks(busy);
}

}  // namespace drover::bench
