// The bytes of a connection that were received and not yet used.
//
// While a connection is served without a pause they stay in its thread's receive buffer, of which
// there is one; only what is left when the connection has to wait is copied and kept. A connection
// that waits for its next request keeps nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace drover::http {

class InputBuffer {
 public:
  std::string_view view() const {
    return kept_.empty() ? borrowed_ : std::string_view(kept_).substr(used_);
  }
  bool empty() const { return view().empty(); }

  // `bytes` are valid until the next keep(); the caller calls it before they change.
  void add(std::string_view bytes) {
    if (empty()) {
      release();
      borrowed_ = bytes;
    } else {
      keep();
      kept_ += bytes;
    }
  }

  void consume(std::size_t count) {
    if (kept_.empty()) {
      borrowed_.remove_prefix(count);
    } else {
      used_ += count;
      if (used_ == kept_.size()) release();
    }
  }

  // To be called before the connection waits.
  void keep() {
    if (!borrowed_.empty()) {
      kept_.assign(borrowed_);
      used_ = 0;
      borrowed_ = {};
    } else if (used_ > 0) {
      kept_.erase(0, used_);
      used_ = 0;
    }
  }

 private:
  void release() {
    std::string().swap(kept_);
    used_ = 0;
    borrowed_ = {};
  }

  std::string_view borrowed_;  // empty, or kept_ is
  std::string kept_;
  std::size_t used_ = 0;  // of kept_
};

}  // namespace drover::http
