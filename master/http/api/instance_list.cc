#include "master/http/api/instance_list.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <utility>
#include <vector>

#include "common/limits.h"
#include "master/engine/view.h"
#include "master/http/api/answers.h"
#include "master/http/api/pages.h"
#include "master/http/api/timestamp.h"
#include "master/http/errors.h"
#include "master/http/json_text.h"
#include "master/http/nearest.h"
#include "master/http/query.h"
#include "master/http/store_problem.h"
#include "master/store/store.h"

namespace drover::http {
namespace {

namespace json = boost::json;

constexpr std::size_t kStates = static_cast<std::size_t>(core::InstanceState::lost) + 1;

// One of the list. Null: its record, of the history, cannot be read.
using Row = std::pair<InstanceId, core::Ptr<core::Instance>>;

// What one part of the list has for the page.
struct Part {
  std::vector<Row> rows;
  std::optional<InstanceId> stopped_at;  // it was looked at down to this one, and there is more
};

Part whole(Part part) {
  part.stopped_at.reset();
  return part;
}

class Matcher {
 public:
  Matcher(const Services& services, const InstanceFilter& filter)
      : services_(services), filter_(filter) {
    if (!filter_.node) return;
    for (const auto& copy : services_.view.allocations_on(*filter_.node)) {
      live_there_.insert(copy->id.instance);
    }
  }

  bool is_filtered() const {
    return !filter_.states.empty() || filter_.template_name || !filter_.labels.empty() ||
           filter_.node;
  }

  bool takes_live(const core::Instance& instance) const {
    return takes(instance) && (!filter_.node || live_there_.contains(instance.id));
  }

  bool takes_finished(const core::FinishedInstance& ended) const {
    if (!takes(*ended.instance)) return false;
    if (!filter_.node) return true;
    return std::any_of(ended.allocations.begin(), ended.allocations.end(),
                       [this](const auto& copy) { return copy->node == filter_.node; });
  }

  json::object labels_of(const core::Instance& instance) const {
    json::object out;
    if (const auto from = version_of(instance)) {
      for (const auto& [name, value] : from->spec.labels) out[name] = value;
    }
    return out;
  }

 private:
  bool takes(const core::Instance& instance) const {
    if (!filter_.states.empty() && !filter_.states.contains(core::to_string(instance.state))) {
      return false;
    }
    if (filter_.template_name && instance.template_name != *filter_.template_name) return false;
    if (filter_.since && instance.created_at < *filter_.since) return false;
    if (filter_.until && instance.created_at >= *filter_.until) return false;
    return filter_.labels.empty() || has_labels(instance);
  }

  bool has_labels(const core::Instance& instance) const {
    const auto from = version_of(instance);
    if (!from) return false;
    return std::all_of(filter_.labels.begin(), filter_.labels.end(), [&from](const auto& wanted) {
      const auto found = from->spec.labels.find(wanted.first);
      return found != from->spec.labels.end() && found->second == wanted.second;
    });
  }

  core::Ptr<core::Template> version_of(const core::Instance& instance) const {
    return services_.view.find_version(instance.template_name, instance.template_version);
  }

  const Services services_;
  const InstanceFilter& filter_;
  std::set<InstanceId> live_there_;
};

Part live_part(const Services& services, const Matcher& matcher, const InstanceRange& range,
               std::size_t most) {
  Part part;
  std::optional<InstanceId> at = range.before;
  for (std::size_t looked_at = 0; looked_at < limits::kRecordsPerPage;) {
    const auto some = services.view.instances_before(at, limits::kLongestPage);
    for (const auto& instance : some) {
      if (instance->id < range.floor) return whole(std::move(part));
      if (part.rows.size() == most) return part;
      at = instance->id;
      part.stopped_at = at;
      if (matcher.takes_live(*instance)) part.rows.emplace_back(instance->id, instance);
    }
    looked_at += some.size();
    if (some.size() < limits::kLongestPage) return whole(std::move(part));
  }
  return part;
}

Result<Part> finished_part(const Services& services, const Matcher& matcher,
                           const InstanceRange& range, std::size_t most) {
  Part part;
  std::size_t looked_at = 0;
  bool has_more = false;
  const Status visited = services.store.visit_finished(
      range.before, [&](const InstanceId& id, const Result<core::FinishedInstance>& found) {
        if (id < range.floor) return false;
        has_more = part.rows.size() == most || looked_at == limits::kRecordsPerPage;
        if (has_more) return false;
        ++looked_at;
        part.stopped_at = id;
        if (!found && !matcher.is_filtered()) part.rows.emplace_back(id, nullptr);
        if (found && matcher.takes_finished(*found)) part.rows.emplace_back(id, found->instance);
        return true;
      });
  if (!visited) return visited.error();
  return has_more ? part : whole(std::move(part));
}

json::object row_json(const Row& row, const Matcher& matcher) {
  json::object out;
  out["id"] = row.first.text();
  if (!row.second) {
    out["damaged"] = true;
    return out;
  }
  const core::Instance& instance = *row.second;
  out["template"] = instance.template_name;
  out["version"] = instance.template_version;
  out["state"] = core::to_string(instance.state);
  out["since"] = timestamp(instance.state_since);
  out["created"] = timestamp(instance.created_at);
  out["labels"] = matcher.labels_of(instance);
  out["stop_requested"] = instance.stop_requested;
  return out;
}

// Down to where both parts were looked at. An instance that has ended meanwhile is in both.
Response merge(Part live, Part finished, std::size_t limit, const Matcher& matcher) {
  const auto lower = std::max(live.stopped_at, finished.stopped_at);
  std::map<InstanceId, core::Ptr<core::Instance>, std::greater<>> merged;
  for (Part* part : {&live, &finished}) {
    for (Row& row : part->rows) {
      if (!lower || row.first >= *lower) merged.insert_or_assign(row.first, std::move(row.second));
    }
  }
  json::object out;
  json::array& list = out["instances"].emplace_array();
  std::optional<InstanceId> cursor = lower;
  for (const Row row : merged) {
    if (list.size() == limit) break;
    list.push_back(row_json(row, matcher));
    const bool is_last = list.size() == limit && merged.size() > limit;
    if (is_last) cursor = row.first;
  }
  if (cursor) out["cursor"] = cursor->text();
  return with_body(json::serialize(out));
}

MaybeProblem read_states(const QueryValues& query, std::set<std::string>& states) {
  std::vector<std::string_view> known;
  for (std::size_t state = 0; state < kStates; ++state) {
    known.emplace_back(core::to_string(static_cast<core::InstanceState>(state)));
  }
  for (std::string& state : split_list(query.find("state"))) {
    if (std::find(known.begin(), known.end(), state) == known.end()) {
      return Problem{
          Code::unexpected_query,
          "state=" + excerpt(state) + ": there is no such state; " + suggestion(state, known), ""};
    }
    states.insert(std::move(state));
  }
  return std::nullopt;
}

MaybeProblem read_filter(const QueryValues& query, InstanceFilter& filter) {
  if (auto problem = read_states(query, filter.states)) return problem;
  if (auto problem = read_labels(query, "label", filter.labels)) return problem;
  if (auto problem = read_id(query, "node", filter.node)) return problem;
  if (const std::string* name = query.find("template")) filter.template_name = *name;
  return std::nullopt;
}

// An id begins with the time at which it was made.
InstanceId first_id_of(core::UnixMs time) { return InstanceId{make_uuid_v7(time, {})}; }

// That of a request, which may wait before its instance is made.
constexpr core::UnixMs kLongestWait = 60'000;

MaybeProblem read_range(const QueryValues& query, InstanceFilter& filter, InstanceRange& range) {
  if (auto problem = read_id(query, "cursor", range.before)) return problem;
  if (auto problem = read_time(query, "since", filter.since)) return problem;
  if (auto problem = read_time(query, "until", filter.until)) return problem;
  if (filter.since)
    range.floor = first_id_of(std::max<core::UnixMs>(0, *filter.since - kLongestWait));
  if (!filter.until) return std::nullopt;
  const InstanceId end = first_id_of(*filter.until);
  if (!range.before || end < *range.before) range.before = end;
  return std::nullopt;
}

}  // namespace

Answer list_instances(const Services& services, const Request& request) {
  InstanceFilter filter;
  std::uint32_t limit = 0;
  InstanceRange range;
  if (auto problem = read_limit(request.query, limit)) return to_response(*problem);
  if (auto problem = read_range(request.query, filter, range)) return to_response(*problem);
  if (auto problem = read_filter(request.query, filter)) return to_response(*problem);
  const Matcher matcher(services, filter);
  // In this order: an instance is in the history before it leaves the view.
  Part live = live_part(services, matcher, range, limit + 1);
  auto finished = finished_part(services, matcher, range, limit + 1);
  if (!finished) return to_response(history_problem(finished.error()));
  return merge(std::move(live), std::move(*finished), limit, matcher);
}

}  // namespace drover::http
