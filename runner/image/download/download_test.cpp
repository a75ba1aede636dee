#include "image/download/download.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <chrono>
#include <thread>

#include "image/download/fake_server_test.h"
#include "support/clock.h"
#include "support/error.h"

namespace clamproof {
namespace {

const std::string body = "a house with a roof";

std::string ok(const std::string& content, std::size_t claimed) {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", claimed, content);
}

std::string rest_from(std::size_t offset) {
    return fmt::format(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {}-{}/{}\r\nContent-Length: {}\r\n\r\n{}",
        offset, body.size() - 1, body.size(), body.size() - offset, body.substr(offset));
}

bool asks_for_a_range(const std::string& request) {
    return request.find("Range: bytes=") != std::string::npos;
}

class DownloadTest : public testing::Test {
  protected:
    std::string complaint(FakeServer& server) {
        try {
            download_file(server.url("/house"), file_, DigestKind::Sha256, {});
            return "";
        } catch (const InfraError& error) {
            return error.what();
        }
    }
    void get(FakeServer& server) {
        EXPECT_EQ(download_file(server.url("/house"), file_, DigestKind::Sha256, {}), sha256(body));
        EXPECT_EQ(read_file(file_), body);
    }

    clamproof::TempDir folder_{testing::TempDir(), "download-"};
    fs::path file_ = folder_.path() / "house";
};

TEST_F(DownloadTest, CountsTheDigestOfWhatComes) {
    FakeServer server([](const std::string&) { return ok(body, body.size()); });
    get(server);
    EXPECT_EQ(download_file(server.url("/house"), folder_.path() / "again", DigestKind::Sha512, {}).size(),
              128u);
}

TEST_F(DownloadTest, GoesOnFromWhatIsThere) {
    FakeServer server(
        [](const std::string& request) { return asks_for_a_range(request) ? rest_from(7) : ok("", 0); });
    write_file(file_, body.substr(0, 7));
    get(server);
    ASSERT_EQ(server.requests().size(), 1u);
    EXPECT_NE(server.requests()[0].find("Range: bytes=7-\r\n"), std::string::npos);
}

TEST_F(DownloadTest, BeginsAgainWhereTheServerCannotGoOn) {
    FakeServer server([](const std::string&) { return ok(body, body.size()); });
    write_file(file_, "something");
    get(server);
}

TEST_F(DownloadTest, GoesOnAfterATransferThatBrokeOff) {
    FakeServer server([](const std::string& request) {
        return asks_for_a_range(request) ? rest_from(5) : ok(body.substr(0, 5), body.size());
    });
    get(server);
    EXPECT_EQ(server.requests().size(), 2u);
}

TEST_F(DownloadTest, KeepsWhatHasComeOfAFileThatNeverEnds) {
    FakeServer server([](const std::string& request) {
        return asks_for_a_range(request) ? "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-18/19\r\n"
                                           "Content-Length: 14\r\n\r\n"
                                         : ok(body.substr(0, 5), body.size());
    });
    EXPECT_NE(complaint(server).find("before the end of the file; the 5 bytes that have come are kept"),
              std::string::npos)
        << complaint(server);
    EXPECT_EQ(read_file(file_), body.substr(0, 5));
}

TEST_F(DownloadTest, ACompletePartNeedsNoMore) {
    FakeServer server([](const std::string&) {
        return fmt::format(
            "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{}\r\nContent-Length: "
            "4\r\n\r\nnope",
            body.size());
    });
    write_file(file_, body);
    get(server);
}

TEST_F(DownloadTest, TellsWhatTheServerDid) {
    FakeServer missing(
        [](const std::string&) { return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"; });
    EXPECT_EQ(complaint(missing), "cannot download " + missing.url("/house") + ": the server answers 404");
    EXPECT_FALSE(fs::exists(file_));
    FakeServer loop([](const std::string&) {
        return "HTTP/1.1 302 Found\r\nLocation: /house\r\nContent-Length: 0\r\n\r\n";
    });
    EXPECT_NE(complaint(loop).find("redirects more than 10 times"), std::string::npos);
    FakeServer elsewhere([](const std::string&) {
        return "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n";
    });
    EXPECT_NE(complaint(elsewhere).find("file"), std::string::npos) << complaint(elsewhere);
}

TEST_F(DownloadTest, CanBeInterrupted) {
    FakeServer server([](const std::string&) { return ok(body, body.size()); });
    DownloadOptions options;
    options.cancelled = [] { return true; };
    EXPECT_THROW(download_file(server.url("/house"), file_, DigestKind::Sha256, options), InfraError);
}

TEST_F(DownloadTest, AFileHasALimitWhetherAnnouncedOrNot) {
    DownloadOptions options;
    options.largest_bytes = 10;
    FakeServer announced([](const std::string&) { return ok(body, body.size()); });
    FakeServer endless([](const std::string&) { return "HTTP/1.1 200 OK\r\n\r\n" + body; });
    for (FakeServer* server : {&announced, &endless}) {
        try {
            download_file(server->url("/house"), file_, DigestKind::Sha256, options);
            FAIL();
        } catch (const InfraError& error) {
            EXPECT_EQ(error.what(), "cannot download " + server->url("/house") + ": it has more than 0 MiB");
        }
        EXPECT_FALSE(fs::exists(file_));
    }
    options.largest_bytes = body.size();
    EXPECT_EQ(download_file(endless.url("/house"), file_, DigestKind::Sha256, options), sha256(body));
}

TEST_F(DownloadTest, APartThatIsTooLargeIsNotGoneOnWith) {
    DownloadOptions options;
    options.largest_bytes = 10;
    write_file(file_, body);
    FakeServer server([](const std::string&) { return ok(body, body.size()); });
    EXPECT_THROW(download_file(server.url("/house"), file_, DigestKind::Sha256, options), InfraError);
    EXPECT_FALSE(fs::exists(file_));
    EXPECT_TRUE(server.requests().empty());
}

TEST_F(DownloadTest, AServerThatIsNeverDoneIsGivenUp) {
    DownloadOptions options;
    options.longest_seconds = 0.5;
    FakeServer server([](const std::string&) {
        std::this_thread::sleep_for(std::chrono::seconds(2));
        return ok(body, body.size());
    });
    const Stopwatch watch;
    try {
        download_file(server.url("/house"), file_, DigestKind::Sha256, options);
        FAIL();
    } catch (const InfraError& error) {
        EXPECT_NE(std::string(error.what()).find("it takes longer than"), std::string::npos) << error.what();
    }
    EXPECT_LT(watch.seconds(), 1.9);
}

// As on a full disk: no file of this process may be larger.
TEST_F(DownloadTest, WhatCannotBeWrittenIsNotKept) {
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    FakeServer server([](const std::string&) { return ok(body, body.size()); });
    const rlimit small{.rlim_cur = 10, .rlim_max = before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const std::string said = complaint(server);
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, handler);
    EXPECT_NE(said.find("cannot write " + file_.string()), std::string::npos) << said;
    EXPECT_FALSE(fs::exists(file_));
}

TEST(Download, WhatIsAskedForByHttpsIsNotGotByHttp) {
    EXPECT_STREQ(redirects_from("https://example.org/house"), "https");
    EXPECT_STREQ(redirects_from("http://example.org/house"), "http,https");
}

TEST_F(DownloadTest, ATextHasALimit) {
    FakeServer server([](const std::string& request) {
        const std::string text(request.starts_with("GET /long") ? 2 << 20 : 10, 'x');
        return ok(text, text.size());
    });
    EXPECT_EQ(download_text(server.url("/short"), {}), "xxxxxxxxxx");
    EXPECT_THROW(download_text(server.url("/long"), {}), InfraError);
}

}  // namespace
}  // namespace clamproof
