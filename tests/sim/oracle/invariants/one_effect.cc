// 3: the same key has one effect and the same answer.
#include <map>
#include <string>

#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class OneEffect final : public Invariant {
 public:
  explicit OneEffect(Watch watch) : Invariant(watch, 3) {}

  void committed(const core::Changes& changes) override {
    for (const core::UsedKey& each : changes.used_keys) {
      const auto [made, is_first] = made_.emplace(each.key, each.instance);
      if (is_first || made->second == each.instance) continue;
      broken("key " + each.key + " has made " + name(made->second) + " and " + name(each.instance),
             {name(each.instance), "master"});
    }
  }

  void keyed(const std::string& key, const InstanceId& id) override {
    const auto [told, is_first] = told_.emplace(key, id);
    if (is_first || told->second == id) return;
    broken("key " + key + " was answered with " + name(told->second) + " and with " + name(id),
           {name(id), "client"});
  }

  // What the copy does not know may be made once more.
  void restored() override {
    made_.clear();
    told_.clear();
  }

 private:
  std::map<std::string, InstanceId> made_;
  std::map<std::string, InstanceId> told_;
};

}  // namespace

std::unique_ptr<Invariant> one_effect(Watch watch) { return std::make_unique<OneEffect>(watch); }

}  // namespace drover::sim
