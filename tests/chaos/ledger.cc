#include "tests/chaos/ledger.h"

namespace drover::test {

void Ledger::count() {
  ++requests_;
  changed_.notify_all();
}

void Ledger::created(const std::string& name, const std::string& document) {
  const std::lock_guard lock(mutex_);
  records_.templates[name] = document;
  count();
}

void Ledger::deployed(const std::string& id, const Work& work) {
  const std::lock_guard lock(mutex_);
  records_.deployments[id].work = work;
  count();
}

void Ledger::stop_asked(const std::string& id) {
  const std::lock_guard lock(mutex_);
  auto& asked = records_.deployments.at(id).stop_asked;
  if (!asked) asked = boot_now();
}

void Ledger::stop_acknowledged(const std::string& id) {
  const std::lock_guard lock(mutex_);
  auto& told = records_.deployments.at(id).stop_acknowledged;
  if (!told) told = boot_now();
  count();
}

void Ledger::stop_unanswered(const std::string& id) {
  const std::lock_guard lock(mutex_);
  records_.deployments.at(id).stop_unanswered = true;
  ++records_.unanswered;
  count();
}

void Ledger::deploy_unanswered() {
  const std::lock_guard lock(mutex_);
  ++records_.unanswered_deploys;
  ++records_.unanswered;
  count();
}

void Ledger::unanswered() {
  const std::lock_guard lock(mutex_);
  ++records_.unanswered;
  count();
}

std::size_t Ledger::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

bool Ledger::await(std::size_t count, std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return requests_ >= count; });
}

Records Ledger::records() const {
  const std::lock_guard lock(mutex_);
  return records_;
}

}  // namespace drover::test
