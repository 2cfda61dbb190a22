#include "master/http/request_parser.h"

#include <gtest/gtest.h>

#include <string>

#include "common/limits.h"

namespace drover::http {
namespace {

using Progress = RequestParser::Progress;

// Feeds a text in pieces of one size until it is read, refused, or used up.
struct Reading {
  Reading(std::string_view text, std::size_t piece) {
    RequestParser parser(request);
    while (true) {
      progress = parser.feed(input);
      if (progress == Progress::head_done) continue;
      if (progress != Progress::need_more || text.empty()) break;
      input.keep();
      input.add(text.substr(0, piece));
      text.remove_prefix(std::min(piece, text.size()));
    }
    word = std::string(info(parser.problem().code).word);
    left = std::string(input.view()) + std::string(text);
  }
  Request request;
  InputBuffer input;
  Progress progress = Progress::need_more;
  std::string word;
  std::string left;
};

TEST(RequestParser, ReadsARequestInPiecesOfAnySize) {
  const std::string text =
      "\r\nPOST /a?b HTTP/1.1\r\nHost: h:1\r\norigin:  http://x \r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t piece = 1; piece <= text.size() + 4; ++piece) {
    const Reading reading(text + "next", piece);
    ASSERT_EQ(reading.progress, Progress::complete) << piece;
    EXPECT_EQ(reading.request.head.method, Method::post);
    EXPECT_EQ(reading.request.head.target, "/a?b");
    EXPECT_EQ(reading.request.head.host.value, "h:1");
    EXPECT_EQ(reading.request.head.origin.value, "http://x");
    EXPECT_TRUE(reading.request.head.keep_alive);
    EXPECT_EQ(reading.request.body, "hello");
    EXPECT_EQ(reading.left, "next");
  }
}

TEST(RequestParser, ReadsAChunkedBodyInPiecesOfAnySize) {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n3;ext=\"1\"\r\n, w\r\n0005\r\norld!\r\n0\r\nTrailer: x\r\nHost: evil\r\n\r\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    const Reading reading(text + "GET", piece);
    ASSERT_EQ(reading.progress, Progress::complete) << piece << " " << reading.word;
    EXPECT_EQ(reading.request.body, "hello, world!");
    EXPECT_EQ(reading.request.head.host.value, "h") << "a trailer is no header";
    EXPECT_EQ(reading.left, "GET");
  }
}

TEST(RequestParser, ReadsAChunkedBodyOfNothingInPiecesOfAnySize) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string end : {"0\r\n\r\n", "0\r\nTrailer: x\r\n\r\n", "000;ext\r\n\r\n"}) {
    for (std::size_t piece = 1; piece <= head.size() + end.size(); ++piece) {
      const Reading reading(head + end + "GET", piece);
      ASSERT_EQ(reading.progress, Progress::complete) << piece << " " << reading.word;
      EXPECT_EQ(reading.request.body, "");
      EXPECT_EQ(reading.left, "GET");
    }
  }
}

TEST(RequestParser, KnowsWhenAConnectionStaysOpen) {
  EXPECT_TRUE(Reading("GET / HTTP/1.1\r\n\r\n", 99).request.head.keep_alive);
  EXPECT_FALSE(Reading("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 99).request.head.keep_alive);
  EXPECT_FALSE(Reading("GET / HTTP/1.0\r\n\r\n", 99).request.head.keep_alive);
  EXPECT_TRUE(
      Reading("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", 99).request.head.keep_alive);
}

TEST(RequestParser, LimitsTheHeader) {
  const std::string line(limits::kHttpHeaderBytes, 'x');
  for (const std::size_t piece : {std::size_t{1000}, std::size_t{100'000}}) {
    EXPECT_EQ(Reading("GET /" + line + " HTTP/1.1\r\n\r\n", piece).word, "target_too_long");
    EXPECT_EQ(Reading("GET / HTTP/1.1\r\nX: " + line + "\r\n\r\n", piece).word, "header_too_large");
    const std::string half = line.substr(0, limits::kHttpHeaderBytes * 2 / 3);
    EXPECT_EQ(Reading("GET /" + half + " HTTP/1.1\r\nX: " + half + "\r\n\r\n", piece).word,
              "header_too_large");
  }
  const std::string fits = line.substr(0, limits::kHttpHeaderBytes - 100);
  EXPECT_EQ(Reading("GET / HTTP/1.1\r\nX: " + fits + "\r\n\r\n", 1000).progress,
            Progress::complete);
}

TEST(RequestParser, LimitsBodiesAndTheLinesOfChunks) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(Reading(head + "200000\r\n" + std::string(0x200000, 'x'), 50'000).word,
            "body_too_large");
  EXPECT_EQ(Reading(head + "5;" + std::string(100'000, 'x'), 5000).word, "header_too_large");
  EXPECT_EQ(Reading(head + "0\r\nX: " + std::string(100'000, 'x'), 5000).word, "header_too_large");
}

TEST(RequestParser, RefusesWhatIsNoRequest) {
  for (const char* text :
       {"hello world\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\n\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\nA : b\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \x01\r\n\r\n", "\x16\x03\x01\x02", "GET\t/ HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\n"}) {
    const Reading reading(text, 999);
    EXPECT_EQ(reading.progress, Progress::failed) << text;
    EXPECT_EQ(reading.word, "malformed_request") << text;
  }
  EXPECT_EQ(Reading("GET / HTTP/2.0\r\n\r\n", 999).word, "unsupported_version");
  EXPECT_EQ(Reading("GET / HTTP/1.1\nHost: h\n\n", 999).word, "unsupported_version");
}

}  // namespace
}  // namespace drover::http
