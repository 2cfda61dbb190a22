#include "tests/chaos/charges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/chaos/told.h"
#include "tests/support/process.h"

namespace drover::test {
namespace {

using Kind = Charge::Kind;

constexpr Kind kKinds[] = {Kind::once, Kind::patient, Kind::again, Kind::original, Kind::alone};
constexpr int kTries = 12;

const char* const kAgain = R"("reschedule":{"policy":"on_failure"},)";

std::string group_fields(Kind kind) {
  switch (kind) {
    case Kind::once:
      return "";
    case Kind::patient:
      return R"("lost_after":"60s",)";
    case Kind::again:
      return kAgain;
    case Kind::original:
      return kAgain + std::string(R"("on_return":"keep_original",)");
    case Kind::alone:
      return kAgain + std::string(R"("exclusive":true,)");
  }
  return "";
}

std::string variable(const std::string& environment, const std::string& name) {
  const std::string start = '\0' + name + "=";
  const std::size_t place = environment.find(start);
  if (place == std::string::npos) return "";
  const std::size_t begin = place + start.size();
  return environment.substr(begin, environment.find('\0', begin) - begin);
}

}  // namespace

const char* to_string(Kind kind) {
  switch (kind) {
    case Kind::once:
      return "once";
    case Kind::patient:
      return "patient";
    case Kind::again:
      return "again";
    case Kind::original:
      return "original";
    case Kind::alone:
      return "alone";
  }
  return "?";
}

std::vector<Copy> live_copies(const std::string& token) {
  std::vector<Copy> copies;
  for (const pid_t pid : processes_with("CHAOS=" + token)) {
    const std::string environment = '\0' + read_proc("/proc/" + std::to_string(pid) + "/environ");
    Copy copy{pid, variable(environment, "DROVER_INSTANCE_ID"),
              variable(environment, "DROVER_ALLOCATION_ID"),
              variable(environment, "DROVER_NODE_ID")};
    if (!copy.instance.empty()) copies.push_back(std::move(copy));
  }
  return copies;
}

std::string Charges::node_of(int agent) const {
  const auto ready = cluster_.agent(agent).await_line(" ready ");
  return ready ? field(*ready, "node") : "";
}

bool Charges::is_on(const Charge& charge, int agent) const {
  return charge.first.node == node_of(agent);
}

Charge Charges::deploy_one(Kind kind, const Work& work) {
  Charge charge{kind, work, cluster_.deploy(work.name), {}};
  oracle_.ledger().deployed(charge.id, work);
  EXPECT_TRUE(eventually([&] {
    const auto all = copies();
    const auto found = all.find(charge.id);
    if (found != all.end()) charge.first = found->second.front();
    return found != all.end();
  })) << to_string(kind);
  return charge;
}

void Charges::deploy(int agent) {
  for (const Kind kind : kKinds) {
    // What must never live twice uses all of its grace, so that ending it takes its time.
    const Ticker ticker = kind == Kind::alone ? Ticker::ignores_term : Ticker::ends_at_term;
    const Work work =
        ticking_work(to_string(kind), oracle_.marks(), oracle_.token(), group_fields(kind), ticker);
    cluster_.create(work.document);
    bool here = false;
    bool elsewhere = false;
    for (int tried = 0; tried < kTries && !(here && elsewhere); ++tried) {
      all_.push_back(deploy_one(kind, work));
      (is_on(all_.back(), agent) ? here : elsewhere) = true;
    }
    EXPECT_TRUE(here && elsewhere) << "no node of each kind got " << to_string(kind);
  }
}

std::map<std::string, std::vector<Copy>> Charges::copies() const {
  std::map<std::string, std::vector<Copy>> copies;
  for (const Copy& copy : live_copies(oracle_.token())) copies[copy.instance].push_back(copy);
  return copies;
}

void Charges::expect_untouched(const Charge& charge) const {
  EXPECT_TRUE(eventually([&] {
    const auto copies = this->copies()[charge.id];
    return copies.size() == 1 && copies[0].pid == charge.first.pid &&
           cluster_.status(charge.id) == 0;
  })) << to_string(charge.kind)
      << " " << charge.id << " is not what it was";
}

void Charges::expect_gone(const Charge& charge) const {
  EXPECT_TRUE(eventually([&] {
    return copies()[charge.id].empty() && cluster_.status(charge.id) == 1;
  })) << to_string(charge.kind)
      << " " << charge.id << " is still there";
}

void Charges::expect_replaced(const Charge& charge) const {
  EXPECT_TRUE(eventually([&] {
    const auto copies = this->copies()[charge.id];
    return copies.size() == 1 && copies[0].allocation != charge.first.allocation &&
           copies[0].node != charge.first.node && cluster_.status(charge.id) == 0;
  })) << to_string(charge.kind)
      << " " << charge.id << " is not replaced by one copy";
}

void Charges::expect_one_copy(const Charge& charge) const {
  EXPECT_TRUE(eventually([&] {
    return copies()[charge.id].size() == 1 && cluster_.status(charge.id) == 0;
  })) << to_string(charge.kind)
      << " " << charge.id << " has " << copies()[charge.id].size() << " copies and status "
      << cluster_.status(charge.id);
}

void Charges::await_replacement(const Charge& charge) const {
  EXPECT_TRUE(eventually([&] {
    const auto copies = this->copies()[charge.id];
    return std::any_of(copies.begin(), copies.end(),
                       [&](const Copy& copy) { return copy.node != charge.first.node; });
  })) << to_string(charge.kind)
      << " " << charge.id << " has no other copy";
}

void Charges::await_replacements(int agent) const {
  for (const Charge& charge : all_) {
    if (is_on(charge, agent) && charge.work.may_run_again) await_replacement(charge);
  }
}

void Charges::expect_unknown(int agent) const {
  for (const Charge& charge : all_) {
    if (!is_on(charge, agent) || charge.kind != Kind::patient) continue;
    const Told told = told_of(cluster_, charge.id);
    EXPECT_EQ("unknown", told.tasks.at(0).state) << charge.id;
    EXPECT_NE(std::string::npos, told.cause.find("is silent")) << told.cause;
  }
}

void Charges::expect_nothing_given_up() const {
  for (const Charge& charge : all_) {
    const Told told = told_of(cluster_, charge.id);
    EXPECT_EQ("unknown", told.tasks.at(0).state) << charge.id;
    EXPECT_NE(std::string::npos, told.cause.find("nothing is given up")) << told.cause;
  }
}

void Charges::expect_all_as_after_loss_of(int agent) const {
  for (const Charge& charge : all_) {
    if (charge.kind == Kind::alone) {
      // On a busy machine a node's lease may run out without that, and its copy ends then.
      expect_one_copy(charge);
      if (is_on(charge, agent)) {
        EXPECT_NE(charge.first.allocation, copies()[charge.id].front().allocation);
      }
    } else if (!is_on(charge, agent) || charge.kind == Kind::patient ||
               charge.kind == Kind::original) {
      expect_untouched(charge);
    } else if (charge.kind == Kind::once) {
      expect_gone(charge);
    } else {
      expect_replaced(charge);
    }
  }
}

void Charges::expect_told_truly(const Charge& charge) const {
  EXPECT_TRUE(eventually([&] {
    const std::size_t copies = this->copies()[charge.id].size();
    return copies <= 1 && cluster_.status(charge.id) == (copies == 1 ? 0 : 1);
  })) << to_string(charge.kind)
      << " " << charge.id << " has " << copies()[charge.id].size() << " copies and status "
      << cluster_.status(charge.id);
}

}  // namespace drover::test
