#include "master/http/api/templates.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "master/engine/view.h"
#include "master/http/api/answers.h"
#include "master/http/api/pages.h"
#include "master/http/errors.h"
#include "master/http/json_text.h"
#include "master/http/query.h"
#include "master/http/template/templates.h"
#include "master/http/template/values.h"

namespace drover::http {
namespace {

namespace json = boost::json;

json::object summary_of(const core::Template& record) {
  json::object out;
  out["name"] = record.spec.name;
  out["version"] = record.version;
  out["kind"] = kKinds.at(static_cast<std::size_t>(record.spec.kind.value_or(core::Kind::batch)));
  json::object& labels = out["labels"].emplace_object();
  for (const auto& [name, value] : record.spec.labels) labels[name] = value;
  if (record.spec.schedule) out["cron"] = record.spec.schedule->cron;
  return out;
}

Problem no_template(const std::string& name) {
  return {Code::unknown_template,
          "no template is named " + excerpt(name) + "; GET /api/v1/templates lists them", ""};
}

Problem other_version(const engine::View& view, const std::string& name) {
  const auto newest = view.find_template(name);
  const std::string state = newest ? "the newest version of template " + excerpt(name) + " is " +
                                         std::to_string(newest->version)
                                   : "no template is named " + excerpt(name);
  return {Code::precondition_failed, state + "; nothing was changed: look at it, and put it again",
          ""};
}

// If-Match: "3", If-None-Match: *
MaybeProblem read_expected_version(const RequestHead& head, std::optional<std::uint32_t>& version) {
  if (head.rare().if_none_match.count > 0 && head.rare().if_none_match.value == "*") {
    version = 0;
    return std::nullopt;
  }
  if (head.rare().if_match.count == 0) return std::nullopt;
  const std::string& text = head.rare().if_match.value;
  std::uint32_t number = 0;
  const bool is_quoted = text.size() > 2 && text.front() == '"' && text.back() == '"';
  const char* const end = text.data() + text.size() - 1;
  if (is_quoted) {
    const auto parsed = std::from_chars(text.data() + 1, end, number);
    if (parsed.ec == std::errc() && parsed.ptr == end && number > 0) {
      version = number;
      return std::nullopt;
    }
  }
  return Problem{
      Code::invalid_value,
      "If-Match: " + excerpt(text) + R"( is no version in quotes; write for example "3")", ""};
}

// The document goes in as it was given: another parser would not keep its numbers.
Response show(const core::Template& record, const std::vector<std::uint32_t>& versions) {
  json::array numbers;
  for (const std::uint32_t version : versions) numbers.emplace_back(version);
  Response response =
      with_body(R"({"name":)" + json_quote(record.spec.name) + R"(,"version":)" +
                std::to_string(record.version) + R"(,"versions":)" + json::serialize(numbers) +
                R"(,"template":)" + record.document + "}");
  if (record.version == versions.back()) response.etag = '"' + std::to_string(record.version) + '"';
  return response;
}

}  // namespace

Answer list_templates(const Services& services, const Request& request) {
  std::uint32_t limit = 0;
  if (auto problem = read_limit(request.query, limit)) return to_response(*problem);
  const std::string* cursor = request.query.find("cursor");
  return page_response(
      "templates", services.view.templates_after(cursor != nullptr ? *cursor : "", limit + 1),
      limit, [](const auto& record) { return summary_of(*record); },
      [](const auto& record) { return record->spec.name; });
}

Answer get_template(const Services& services, const Request& request) {
  const std::string& name = request.path_parameter;
  const auto newest = services.view.find_template(name);
  if (!newest) return to_response(no_template(name));
  std::uint32_t version = newest->version;
  if (auto problem = read_number(request.query, "version", 1, UINT32_MAX, version)) {
    return to_response(*problem);
  }
  const auto wanted = services.view.find_version(name, version);
  if (wanted) return show(*wanted, services.view.versions_of(name));
  return to_response({Code::unknown_version,
                      "template " + excerpt(name) + " has no version " + std::to_string(version) +
                          ", or none any more; the newest is " + std::to_string(newest->version),
                      ""});
}

Answer put_template(const Services& services, const Request& request) {
  core::PutTemplate command;
  if (auto problem = read_template(request.body, command.spec)) return to_response(*problem);
  bool dry_run = false;
  if (auto problem = read_flag(request.query, "dry_run", dry_run)) return to_response(*problem);
  if (dry_run) return with_body(R"({"name":)" + json_quote(command.spec.name) + "}");
  if (auto problem = read_expected_version(request.head, command.expected_version)) {
    return to_response(*problem);
  }
  command.document = compact_json(request.body);
  auto answer = [&view = services.view, name = command.spec.name](const core::Reply& reply) {
    if (reply.code == core::ReplyCode::other_version) return to_response(other_version(view, name));
    if (reply.code != core::ReplyCode::ok) return unexpected_reply();
    const auto newest = view.find_template(name);
    const std::uint32_t version = newest ? newest->version : 1;
    return with_body(R"({"name":)" + json_quote(name) + R"(,"version":)" + std::to_string(version) +
                     "}");
  };
  return Submission{std::move(command), std::move(answer)};
}

Answer remove_template(const Services&, const Request& request) {
  core::RemoveTemplate command{request.path_parameter};
  if (auto problem = read_flag(request.query, "force", command.even_if_used)) {
    return to_response(*problem);
  }
  auto answer = [name = command.name](const core::Reply& reply) {
    switch (reply.code) {
      case core::ReplyCode::ok:
        return with_body(R"({"status":"success"})");
      case core::ReplyCode::unknown_template:
        return to_response(no_template(name));
      case core::ReplyCode::template_in_use:
        return to_response({Code::template_in_use,
                            "instances of template " + excerpt(name) +
                                " have not ended: stop them, or remove it with ?force=true, and "
                                "they go on",
                            ""});
      default:
        return unexpected_reply();
    }
  };
  return Submission{std::move(command), std::move(answer)};
}

}  // namespace drover::http
