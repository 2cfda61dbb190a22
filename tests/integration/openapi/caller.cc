#include "tests/integration/openapi/caller.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <cctype>
#include <utility>

namespace drover::test {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

// What a URL cannot hold as it is.
std::string escaped(const std::string& text) {
  static const char* const kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_') {
      out += c;
    } else {
      out.append("%").append(1, kDigits[byte / 16]).append(1, kDigits[byte % 16]);
    }
  }
  return out;
}

// Those of the operation that are sent in this way.
std::vector<const json::object*> parameters(const ApiDocument::Operation& operation,
                                            std::string_view in) {
  std::vector<const json::object*> out;
  const json::value* all = operation.json->if_contains("parameters");
  if (all == nullptr) return out;
  for (const json::value& each : all->as_array()) {
    if (each.at("in").as_string() == in) out.push_back(&each.as_object());
  }
  return out;
}

std::string name_of(const json::object& parameter) { return text_of(parameter.at("name")); }

// The path with its parameter's example.
std::string filled(const ApiDocument::Operation& operation) {
  std::string path = operation.path;
  for (const json::object* each : parameters(operation, "path")) {
    const std::string brace = "{" + name_of(*each) + "}";
    path.replace(path.find(brace), brace.size(), escaped(text_of(each->at("example"))));
  }
  return path;
}

std::vector<std::pair<std::string, std::string>> bodies(const ApiDocument::Operation& operation) {
  std::vector<std::pair<std::string, std::string>> out;
  const json::value* body = operation.json->if_contains("requestBody");
  if (body == nullptr) return out;
  for (const auto& each : body->at("content").at("application/json").at("examples").as_object()) {
    out.emplace_back(each.key(), json::serialize(each.value().at("value")));
  }
  return out;
}

std::vector<std::string> content_types(const ApiDocument::Operation& operation) {
  std::vector<std::string> out;
  for (const auto& each : operation.json->at("responses").at("200").at("content").as_object()) {
    out.emplace_back(each.key());
  }
  return out;
}

// Whether the answer has no end.
bool goes_on(const Sent& sent) {
  return sent.query == "follow=true" || sent.headers.find("event-stream") != std::string::npos;
}

// Of a stream, its first lines; where it is an error, its head alone.
std::optional<HttpResponse> read_beginning(HttpClient& client) {
  auto answer = client.read(HttpClient::Body::absent);
  if (!answer || answer->status != 200) return answer;
  answer->body = client.read_piece().value_or("");
  // The last line may not be whole.
  answer->body.resize(answer->body.rfind('\n') + 1);
  return answer;
}

}  // namespace

Caller::Caller(std::uint16_t port) : port_(port) {
  const auto answer = HttpClient(port).get("/api/openapi.json");
  document_ = std::make_unique<ApiDocument>(answer.value_or(HttpResponse{}).body);
}

void Caller::put_in_place(const std::string& example, const std::string& real) {
  real_[example] = real;
}

std::string Caller::with_real_names(std::string text) const {
  for (const auto& [example, real] : real_) {
    for (auto at = text.find(example); at != std::string::npos; at = text.find(example)) {
      text.replace(at, example.size(), real);
    }
  }
  return text;
}

std::vector<Sent> Caller::examples_of(const ApiDocument::Operation& operation) const {
  const auto all_bodies = bodies(operation);
  Sent plain{"plain", filled(operation), "", "", std::nullopt};
  if (!all_bodies.empty()) plain.body = all_bodies.front().second;
  std::vector<Sent> out;
  for (const json::object* each : parameters(operation, "header")) {
    out.push_back(plain);
    out.back().what = name_of(*each);
    out.back().headers = name_of(*each) + ": " + text_of(each->at("example")) + "\r\n";
  }
  for (const json::object* each : parameters(operation, "query")) {
    out.push_back(plain);
    out.back().what = name_of(*each);
    out.back().query = name_of(*each) + "=" + escaped(text_of(each->at("example")));
    if (out.back().what == "timeout") out.back().query += "&wait=running";
  }
  const std::vector<std::string> types = content_types(operation);
  for (const std::string& type : types) {
    if (types.size() == 1) break;
    out.push_back(plain);
    out.back().what = type;
    out.back().headers = "Accept: " + type + "\r\n";
  }
  if (operation.json->contains("requestBody") &&
      !operation.json->at("requestBody").at("required").as_bool()) {
    out.push_back(plain);
    out.back().body = "";
  }
  for (const auto& [name, body] : all_bodies) {
    out.push_back(plain);
    out.back().what = name;
    out.back().body = body;
  }
  if (all_bodies.empty()) out.push_back(plain);
  return out;
}

HttpResponse Caller::send(const ApiDocument::Operation& operation, const Sent& sent) const {
  std::optional<std::string> body;
  if (sent.body) body = with_real_names(*sent.body);
  std::string target = with_real_names(sent.path);
  if (!sent.query.empty()) target += "?" + with_real_names(sent.query);
  HttpClient client(port_);
  const std::string request =
      client.request(operation.method, target, body, with_real_names(sent.headers));
  client.send(request);
  auto answer = goes_on(sent) ? read_beginning(client) : client.read();
  if (answer) return *answer;
  ADD_FAILURE() << operation.id << " " << sent.what << ": no answer to " << request;
  return {};
}

std::string Caller::misfit(const ApiDocument::Operation& operation,
                           const HttpResponse& answer) const {
  return document_->misfit(operation, answer.status, answer.header("content-type"), answer.body);
}

}  // namespace drover::test
