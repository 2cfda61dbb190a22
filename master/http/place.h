// A place in a JSON document, as a JSON pointer (RFC 6901). Lives on the stack beside the reader
// that stands there; the text is made only when something is wrong.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace drover::http {

class Place {
 public:
  Place() = default;  // the top of the document

  // A member of the object, or an element of the array, that stands at `parent`, which must outlive
  // this. So must `key`.
  Place(const Place& parent, std::string_view key) : parent_(&parent), key_(key) {}
  Place(const Place& parent, std::size_t index)
      : parent_(&parent), index_(index), is_index_(true) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // "/task_groups/0/tasks"; empty at the top.
  std::string pointer() const;

 private:
  const Place* parent_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
  bool is_index_ = false;
};

// Appends "/key" with '~' and '/' of the key escaped, and shortened if it is very long.
void append_pointer_key(std::string_view key, std::string& out);

}  // namespace drover::http
