#include <algorithm>
#include <string>

#include "common/check.h"
#include "common/limits.h"
#include "master/http/guard.h"
#include "master/http/request_parser.h"
#include "tests/fuzz/holds.h"
#include "tests/fuzz/targets.h"

namespace drover::fuzz {
namespace {

using http::RequestHead;
using http::RequestParser;
using Progress = RequestParser::Progress;

struct Reading {
  http::Request request;
  Progress progress = Progress::need_more;
  http::Code code = http::Code::internal_error;
  std::string left;
};

// As a connection reads: in pieces of this size.
void read(std::string_view bytes, std::size_t piece, Reading& out) {
  http::InputBuffer input;
  RequestParser parser(out.request);
  while (true) {
    out.progress = parser.feed(input);
    if (out.progress == Progress::head_done) continue;
    if (out.progress != Progress::need_more || bytes.empty()) break;
    input.keep();
    input.add(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  if (out.progress == Progress::failed) check_problem(parser.problem());
  out.code = parser.problem().code;
  out.left = std::string(input.view()) + std::string(bytes);
}

bool same(const RequestHead::Header& a, const RequestHead::Header& b) {
  return a.count == b.count && a.value == b.value;
}

bool same(const RequestHead& a, const RequestHead& b) {
  const RequestHead::Rare& x = a.rare();
  const RequestHead::Rare& y = b.rare();
  return a.method == b.method && a.method_name == b.method_name && a.target == b.target &&
         a.http10 == b.http10 && a.keep_alive == b.keep_alive && same(a.host, b.host) &&
         same(a.origin, b.origin) && same(a.expect, b.expect) &&
         same(a.content_length, b.content_length) &&
         same(a.transfer_encoding, b.transfer_encoding) && same(x.accept, y.accept) &&
         same(x.accept_encoding, y.accept_encoding) && same(x.if_match, y.if_match) &&
         same(x.if_none_match, y.if_none_match) && same(x.idempotency_key, y.idempotency_key) &&
         same(x.last_event_id, y.last_event_id);
}

// How the bytes come must not matter, or two of us understand one request in two ways.
void check_same(const Reading& a, const Reading& b) {
  const bool is_complete = a.progress == Progress::complete;
  DROVER_CHECK(is_complete == (b.progress == Progress::complete), "read at once and in pieces");
  // In pieces, what is wrong with a head may be found only when its end has come.
  const bool both_failed = a.progress == Progress::failed && b.progress == Progress::failed;
  DROVER_CHECK(!both_failed || a.code == b.code, "refused for the same reason");
  if (!is_complete) return;
  DROVER_CHECK(same(a.request.head, b.request.head), "the same head");
  DROVER_CHECK(a.request.body == b.request.body, "the same body");
  DROVER_CHECK(a.left == b.left, "the next request begins at the same place");
}

void judge(const http::Request& request) {
  DROVER_CHECK(request.body.size() <= limits::kHttpBodyBytes, "a body has a limit");
  if (const auto problem = http::check_framing(request.head)) {
    check_problem(*problem);
    return;
  }
  // What is framed by its length has this length.
  if (request.head.content_length.count == 0) return;
  DROVER_CHECK(std::to_string(request.body.size()) ==
                   request.head.content_length.value.substr(
                       std::min(request.head.content_length.value.find_first_not_of('0'),
                                request.head.content_length.value.size() - 1)),
               "as long as it said");
}

}  // namespace

void fuzz_request(std::string_view bytes) {
  // Beyond the limits of the header, how much of it has come decides which limit is named.
  if (bytes.size() > limits::kHttpHeaderBytes) return;
  Reading whole;
  read(bytes, bytes.size() + 1, whole);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    Reading in_pieces;
    read(bytes, piece, in_pieces);
    check_same(whole, in_pieces);
  }
  if (whole.progress == Progress::complete) judge(whole.request);
}

}  // namespace drover::fuzz
