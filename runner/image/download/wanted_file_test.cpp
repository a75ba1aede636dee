#include "image/download/wanted_file.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "image/download/fake_server_test.h"

namespace clamproof {
namespace {

const std::string seven(64, '7');

TEST(WantedFile, IsReadStrictly) {
    const auto files = wanted_files(
        fmt::format("{0}/door_1%3a2.ipk\t{0}\t12\thttp://a/ https://b/\n{0}/roof\t-\t3\thttp://c/\n", seven));
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0].place, seven + "/door_1%3a2.ipk");
    EXPECT_EQ(files[0].digest, seven);
    EXPECT_EQ(files[0].largest, 12U);
    EXPECT_EQ(files[0].addresses, (std::vector<std::string>{"http://a/", "https://b/"}));
    EXPECT_EQ(files[1].digest, "");
    EXPECT_TRUE(wanted_files("").empty());
    for (const char* place : {"7/door", "{0}/../door", "{0}/.door", "{0}/a/door", "{0}", "{0}/do or"})
        EXPECT_THROW(wanted_files(fmt::format(fmt::runtime(place), seven) + "\t-\t3\thttp://c/\n"),
                     InfraError)
            << place;
    for (const char* rest : {"\t7\t3\thttp://c/", "\t-\t-3\thttp://c/", "\t-\t3\t", "\t-\t3\th\033[2J", ""})
        EXPECT_THROW(wanted_files(seven + "/door" + rest + "\n"), InfraError) << rest;
}

TEST(WantedFile, HasTheDigestThatItIsVouchedFor) {
    const clamproof::TempDir folder(testing::TempDir(), "wanted-");
    FakeServer server([](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndoor"; });
    ::setenv("CLAMPROOF_MIRRORS", ("http://street.example/=" + server.url("/")).c_str(), 1);
    WantedFile file{.place = seven + "/door",
                    .digest = seven,
                    .largest = 100,
                    .addresses = {"http://street.example/door"}};
    EXPECT_THROW(download_wanted(file, folder.path(), {}), DownloadFailed);
    EXPECT_FALSE(fs::exists(folder.path() / file.place));
    file.digest = sha256("door");
    EXPECT_EQ(download_wanted(file, folder.path(), {}), 4U);
    EXPECT_EQ(read_file(folder.path() / file.place), "door");
    file.largest = 3;
    EXPECT_THROW(download_wanted(file, folder.path(), {}), DownloadFailed);
    ::unsetenv("CLAMPROOF_MIRRORS");
}

bool is_public(const std::string& address) {
    sockaddr_in ipv4{};
    sockaddr_in6 ipv6{};
    ipv4.sin_family = AF_INET;
    ipv6.sin6_family = AF_INET6;
    if (::inet_pton(AF_INET, address.c_str(), &ipv4.sin_addr) == 1)
        return clamproof::is_public(reinterpret_cast<const sockaddr&>(ipv4));
    EXPECT_EQ(::inet_pton(AF_INET6, address.c_str(), &ipv6.sin6_addr), 1) << address;
    return clamproof::is_public(reinterpret_cast<const sockaddr&>(ipv6));
}

TEST(PublicAddress, IsOneOfTheInternet) {
    for (const char* address : {"9.9.9.9", "11.0.0.1", "172.32.0.1", "100.128.0.1", "223.255.255.1",
                                "2606:4700::1", "2a00:1450::1", "64:ff9b::909:909"})
        EXPECT_TRUE(is_public(address)) << address;
    for (const char* address : {"0.0.0.0",
                                "127.0.0.1",
                                "127.255.0.1",
                                "10.1.2.3",
                                "100.64.0.1",
                                "169.254.169.254",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.168.1.1",
                                "198.19.0.1",
                                "224.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "fe80::1",
                                "fc00::1",
                                "fd12::1",
                                "ff02::1",
                                "::ffff:127.0.0.1",
                                "::ffff:9.9.9.9",
                                "64:ff9b::7f00:1",
                                "64:ff9b::a01:203",
                                "2002:7f00:1::",
                                "2001:db8::1",
                                "2001:0:1::"})
        EXPECT_FALSE(is_public(address)) << address;
}

}  // namespace
}  // namespace clamproof
