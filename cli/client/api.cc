#include "cli/client/api.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "cli/client/target.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

const std::string kPageLength = "1000";
constexpr std::size_t kLongestPage = 1000;
// Of a stream that sends a sign of life each 15 s.
constexpr std::chrono::seconds kLongestSilence{50};

std::string deploy_body(const std::string& template_name,
                        const std::map<std::string, std::string>& parameters) {
  json::object body{{"template", template_name}};
  json::object& values = body["parameters"].emplace_object();
  for (const auto& [name, value] : parameters) values[name] = value;
  return json::serialize(body);
}

json::object object_of(const InstancePart& part) {
  json::object object;
  if (!part.group.empty()) object["group"] = part.group;
  if (part.index) object["index"] = *part.index;
  if (!part.task.empty()) object["task"] = part.task;
  return object;
}

}  // namespace

Result<Document> Api::ask(HttpRequest request) {
  auto answer = connection_.ask(request);
  if (!answer) return answer.error();
  return read_answer(*std::move(answer));
}

Result<Document> Api::get(std::string target) { return ask({"GET", std::move(target)}); }

Result<Document> Api::post(std::string target, std::string body) {
  return ask({"POST", std::move(target), std::move(body)});
}

Result<Document> Api::get_pages(const std::string& list) {
  json::object whole;
  json::array& all = whole[list].emplace_array();
  std::string cursor;
  do {
    std::vector<std::pair<std::string_view, std::string>> query{{"limit", kPageLength}};
    if (!cursor.empty()) query.emplace_back("cursor", cursor);
    auto page = get(target({list}, query));
    if (!page) return page.error();
    const std::string next = text_of(page->value, "cursor");
    if (cursor.empty() && next.empty()) return page;
    for (const json::value& each : array_of(page->value, list)) all.push_back(each);
    cursor = next;
  } while (!cursor.empty());
  std::string text = json::serialize(whole);
  return Document{std::move(text), std::move(whole)};
}

Status Api::stream(HttpRequest request, const Connection::OnPiece& on_piece) {
  const auto answer = connection_.stream(request, on_piece);
  if (!answer) return answer.error();
  if (answer->status != 200) return error_of(*answer);
  return Done{};
}

Status Api::read_logs(const LogSelection& selection, bool as_json,
                      const Connection::OnPiece& on_piece) {
  HttpRequest request{"GET",
                      target({"instances", selection.instance, "logs"}, query_of(selection))};
  request.accept = as_json ? "application/x-ndjson" : "text/plain";
  return stream(std::move(request), on_piece);
}

Status Api::read_events(const EventFilter& filter, const Connection::OnPiece& on_piece) {
  HttpRequest request{"GET", target({"events"}, query_of(filter))};
  request.accept = "application/x-ndjson";
  request.longest_silence = kLongestSilence;
  return stream(std::move(request), on_piece);
}

// A page may hold fewer than there are, or none, and have a cursor all the same.
Result<Document> Api::list_instances(const InstanceFilter& filter, std::size_t most) {
  json::object whole;
  json::array& all = whole["instances"].emplace_array();
  std::string cursor;
  do {
    const std::size_t wanted = most == 0 ? kLongestPage : std::min(most - all.size(), kLongestPage);
    QueryPairs query = query_of(filter);
    query.emplace_back("limit", std::to_string(wanted));
    if (!cursor.empty()) query.emplace_back("cursor", cursor);
    const auto page = get(target({"instances"}, query));
    if (!page) return page.error();
    for (const json::value& each : array_of(page->value, "instances")) all.push_back(each);
    cursor = text_of(page->value, "cursor");
  } while (!cursor.empty() && (most == 0 || all.size() < most));
  if (!cursor.empty()) whole["cursor"] = cursor;
  std::string text = json::serialize(whole);
  return Document{std::move(text), std::move(whole)};
}

Result<Document> Api::put_template(const std::string& json, bool dry_run) {
  HttpRequest request{"PUT", target({"templates"}), json};
  if (dry_run) request.target = target({"templates"}, {{"dry_run", "true"}});
  return ask(std::move(request));
}

Result<Document> Api::get_template(const std::string& name, std::optional<std::uint32_t> version) {
  if (!version) return get(target({"templates", name}));
  return get(target({"templates", name}, {{"version", std::to_string(*version)}}));
}

Result<Document> Api::list_templates() { return get_pages("templates"); }

Result<Document> Api::remove_template(const std::string& name, bool force) {
  QueryPairs query;
  if (force) query.emplace_back("force", "true");
  return ask({"DELETE", target({"templates", name}, query)});
}

Result<Document> Api::deploy(const std::string& template_name,
                             const std::map<std::string, std::string>& parameters,
                             const std::string& key) {
  HttpRequest request{"POST", target({"instances"}), deploy_body(template_name, parameters)};
  request.idempotency_key = key;
  return ask(std::move(request));
}

Result<Document> Api::plan(const std::string& template_name,
                           const std::map<std::string, std::string>& parameters) {
  return post(target({"instances"}, {{"dry_run", "true"}}), deploy_body(template_name, parameters));
}

Result<Document> Api::explain_instance(const std::string& id) {
  return get(target({"instances", id, "explain"}));
}

Result<Document> Api::get_instance(const std::string& id) { return get(target({"instances", id})); }

Result<Document> Api::await_instance(const std::string& id, const std::string& what,
                                     std::chrono::milliseconds time) {
  HttpRequest request{"GET",
                      target({"instances", id},
                             {{"wait", what}, {"timeout", std::to_string(time.count()) + "ms"}})};
  request.extra_patience = time;
  return ask(std::move(request));
}

Result<Document> Api::stop_instance(const std::string& id) {
  return post("/api/task/task_group/stop", json::serialize(json::object{{"id", id}}));
}

Result<Document> Api::remove_instance(const std::string& id) {
  return ask({"DELETE", target({"instances", id})});
}

Result<Document> Api::restart_tasks(const std::string& id, const InstancePart& part) {
  return post(target({"instances", id, "restart"}), json::serialize(object_of(part)));
}

Result<Document> Api::signal_tasks(const std::string& id, const std::string& signal,
                                   const InstancePart& part) {
  json::object body = object_of(part);
  body["signal"] = signal;
  return post(target({"instances", id, "signal"}), json::serialize(body));
}

Result<Document> Api::update_instance(const std::string& id, std::optional<std::uint32_t> version) {
  json::object body;
  if (version) body["version"] = *version;
  return post(target({"instances", id, "update"}), json::serialize(body));
}

Result<Document> Api::scale_instance(const std::string& id, const std::string& group,
                                     std::uint32_t count) {
  return post(target({"instances", id, "scale"}),
              json::serialize(json::object{{"group", group}, {"count", count}}));
}

Result<Document> Api::list_nodes() { return get_pages("nodes"); }

Result<Document> Api::get_node(const std::string& id) { return get(target({"nodes", id})); }

Result<Document> Api::drain_node(const std::string& id, const std::string& deadline) {
  json::object body;
  if (!deadline.empty()) body["deadline"] = deadline;
  return post(target({"nodes", id, "drain"}), json::serialize(body));
}

Result<Document> Api::resume_node(const std::string& id) {
  return post(target({"nodes", id, "resume"}), "");
}

Result<Document> Api::remove_node(const std::string& id) {
  return ask({"DELETE", target({"nodes", id})});
}

Result<Document> Api::get_cluster() { return get(target({"cluster"})); }

Result<Document> Api::resume_cluster() { return post(target({"cluster", "resume"}), ""); }

}  // namespace drover::cli
