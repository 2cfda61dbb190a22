// What clients asked for and what they were told, as they were told it. Any thread may write.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "tests/chaos/marks.h"
#include "tests/chaos/work.h"

namespace drover::test {

struct Deployment {
  Work work;
  std::optional<BootMs> stop_asked;         // when the request was sent
  std::optional<BootMs> stop_acknowledged;  // when its answer had come
  bool stop_unanswered = false;             // or refused, once: it may have had its effect
};

struct Records {
  std::map<std::string, std::string> templates;   // acknowledged: name to document
  std::map<std::string, Deployment> deployments;  // acknowledged: by instance id
  std::size_t unanswered_deploys = 0;             // each may have had its effect
  std::size_t unanswered = 0;                     // of all requests
};

class Ledger {
 public:
  void created(const std::string& name, const std::string& document);
  void deployed(const std::string& id, const Work& work);
  void stop_asked(const std::string& id);
  void stop_acknowledged(const std::string& id);
  void stop_unanswered(const std::string& id);
  void deploy_unanswered();
  void unanswered();

  std::size_t requests() const;  // that were answered, or will not be
  // Waits until there are so many; false when the patience ends first.
  bool await(std::size_t count, std::chrono::milliseconds patience) const;
  Records records() const;

 private:
  void count();  // with the mutex held

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::size_t requests_ = 0;  // guarded by mutex_
  Records records_;           // guarded by mutex_
};

}  // namespace drover::test
