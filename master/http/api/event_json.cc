#include "master/http/api/event_json.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "master/http/api/end_json.h"
#include "master/http/api/timestamp.h"

namespace drover::http {
namespace {

bool is_of_kind(std::string_view name, std::string_view wanted) {
  if (!name.starts_with(wanted)) return false;
  return name.size() == wanted.size() || name[wanted.size()] == '.';
}

}  // namespace

std::string EventPlace::text() const {
  return std::to_string(index.value) + '.' + std::to_string(position);
}

bool EventFilter::takes(const core::ClusterEvent& event) const {
  if (instance && event.instance != instance) return false;
  if (node && event.node != node) return false;
  if (template_name && event.template_name != *template_name) return false;
  if (kinds.empty()) return true;
  return std::any_of(kinds.begin(), kinds.end(), [&event](const std::string& wanted) {
    return is_of_kind(core::to_string(event.kind), wanted);
  });
}

std::string event_json(const EventPlace& place, const core::ClusterEvent& event) {
  boost::json::object out;
  out["id"] = place.text();
  out["index"] = place.index.value;
  out["time"] = timestamp(event.time);
  out["kind"] = core::to_string(event.kind);
  if (event.instance) out["instance"] = event.instance->text();
  if (!event.template_name.empty()) out["template"] = event.template_name;
  if (event.version != 0) out["version"] = event.version;
  if (event.allocation) {
    out["allocation"] = event.allocation->text();
    out["group"] = event.group;
    out["copy"] = event.index;
  }
  if (event.node) out["node"] = event.node->text();
  if (!event.task.empty()) {
    out["task"] = event.task;
    out["attempt"] = event.attempt;
  }
  if (!event.state.empty()) out["state"] = event.state;
  if (!event.detail.empty()) out["detail"] = event.detail;
  add_end(event.end, out);
  return boost::json::serialize(out);
}

}  // namespace drover::http
