#include "master/http/api/events.h"

#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include "master/http/api/event_source.h"
#include "master/http/api/filters.h"
#include "master/http/errors.h"
#include "master/http/json_text.h"
#include "master/http/nearest.h"
#include "master/http/query.h"
#include "master/http/store_problem.h"
#include "master/store/store.h"

namespace drover::http {
namespace {

// "12": behind all events of that batch; "12.3": behind that one. 0 is behind none.
std::optional<EventPlace> parse_place(const std::string& text) {
  EventPlace place;
  const char* const end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, place.index.value);
  if (parsed.ec != std::errc()) return std::nullopt;
  if (parsed.ptr == end) return EventPlace{Index{place.index.value + 1}, 0};
  if (*parsed.ptr != '.') return std::nullopt;
  parsed = std::from_chars(parsed.ptr + 1, end, place.position);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  ++place.position;
  return place;
}

// What a browser that comes back says counts more than the address that it began with.
MaybeProblem read_from(const Request& request, std::optional<EventPlace>& from) {
  const RequestHead::Header& last = request.head.rare().last_event_id;
  const std::string* text = last.count > 0 ? &last.value : request.query.find("after");
  if (text == nullptr || *text == "0" || text->empty()) return std::nullopt;
  from = parse_place(*text);
  if (from) return std::nullopt;
  return Problem{
      Code::unexpected_query,
      "after=" + excerpt(*text) + " is no index, and no id of an event; write for example after=12",
      ""};
}

bool is_kind(std::string_view wanted) {
  EventFilter filter;
  filter.kinds = {std::string(wanted)};
  core::ClusterEvent event;
  for (std::size_t kind = 0; kind < core::kEventKinds; ++kind) {
    event.kind = static_cast<core::EventKind>(kind);
    if (filter.takes(event)) return true;
  }
  return false;
}

MaybeProblem read_kinds(const QueryValues& query, std::vector<std::string>& kinds) {
  kinds = split_list(query.find("kind"));
  std::vector<std::string_view> known;
  for (std::size_t kind = 0; kind < core::kEventKinds; ++kind) {
    known.emplace_back(core::to_string(static_cast<core::EventKind>(kind)));
  }
  for (const std::string& kind : kinds) {
    if (is_kind(kind)) continue;
    return Problem{
        Code::unexpected_query,
        "kind=" + excerpt(kind) + ": there are no such events; " + suggestion(kind, known), ""};
  }
  return std::nullopt;
}

MaybeProblem read_filter(const QueryValues& query, EventFilter& filter) {
  if (auto problem = read_kinds(query, filter.kinds)) return problem;
  if (auto problem = read_id(query, "instance", filter.instance)) return problem;
  if (auto problem = read_id(query, "node", filter.node)) return problem;
  if (const std::string* name = query.find("template")) filter.template_name = *name;
  return std::nullopt;
}

}  // namespace

Answer get_events(const Services& services, const Request& request) {
  EventRequest wanted;
  const bool sse = request.head.rare().accept.value.find("text/event-stream") != std::string::npos;
  wanted.format = sse ? EventFormat::sse : EventFormat::lines;
  wanted.follow = sse;
  if (auto problem = read_flag(request.query, "follow", wanted.follow)) {
    return to_response(*problem);
  }
  if (auto problem = read_from(request, wanted.from)) return to_response(*problem);
  if (auto problem = read_filter(request.query, wanted.filter)) return to_response(*problem);
  if (wanted.from) {
    const auto page = services.store.events_after(wanted.from->index, 0);
    if (!page) return to_response(history_problem(page.error()));
    if (wanted.from->index <= page->dropped_to) return to_response(events_gone(page->dropped_to));
  }
  return Stream{sse ? "text/event-stream" : "application/x-ndjson",
                std::make_unique<EventSource>(services, std::move(wanted))};
}

}  // namespace drover::http
