#include "image/download/checksum.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace clamproof {
namespace {

const std::string image = "House-9.qcow2";
const std::string short_hex(64, 'a');
const std::string other_hex(64, 'b');
const std::string long_hex(128, 'c');
const std::string sha256_text = "sha256:" + short_hex;
const std::string sha512_text = "sha512:" + long_hex;

std::string found(const std::string& text, const std::string& name = image) {
    const auto checksum = find_checksum(text, name);
    return checksum ? checksum->text() : "";
}

TEST(ChecksumFile, ReadsCoreutilsLines) {
    EXPECT_EQ(found(short_hex + "  House-9.qcow2\n"), sha256_text);
    EXPECT_EQ(found(short_hex + " *House-9.qcow2\n"), sha256_text);
    EXPECT_EQ(found(long_hex + "  House-9.qcow2"), sha512_text);
    EXPECT_EQ(found(short_hex + "  ./House-9.qcow2\r\n"), sha256_text);
    EXPECT_EQ(found(short_hex + " *images/9/House-9.qcow2\n"), sha256_text);
}

TEST(ChecksumFile, ReadsBsdLines) {
    EXPECT_EQ(found("SHA256 (House-9.qcow2) = " + short_hex + "\n"), sha256_text);
    EXPECT_EQ(found("SHA512 (House-9.qcow2) = " + long_hex + "\n"), sha512_text);
    EXPECT_EQ(found("SHA256 (./House-9.qcow2) = " + short_hex + "\r\n"), sha256_text);
    EXPECT_EQ(found("SHA256 (House (9).qcow2) = " + short_hex, "House (9).qcow2"), sha256_text);
}

TEST(ChecksumFile, PassesOverAllElse) {
    const std::string file =
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
        "# House-9.qcow2: 633733120 bytes\n"
        "SHA256 (House-9.qcow2.old) = " +
        other_hex +
        "\nMD5 (House-9.qcow2) = 0123456789abcdef0123456789abcdef\nSHA256 (House-9.qcow2) = " + short_hex +
        "\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n";
    EXPECT_EQ(found(file), sha256_text);
    EXPECT_EQ(found(""), "");
    EXPECT_EQ(found("\n\n \n"), "");
    EXPECT_EQ(found("<html>House-9.qcow2</html>"), "");
    EXPECT_EQ(found("0123456789abcdef0123456789abcdef01234567  House-9.qcow2"), "");
}

TEST(ChecksumFile, IsParticularAboutTheName) {
    EXPECT_EQ(found(short_hex + "  NotHouse-9.qcow2\n" + other_hex + "  House-9.qcow2.xz\n"), "");
    EXPECT_EQ(found(short_hex + "\n"), "");
    EXPECT_EQ(found("SHA256 (House-9.qcow2 = " + short_hex), "");
    EXPECT_EQ(found("SHA256 House-9.qcow2) = " + short_hex), "");
}

TEST(ChecksumFile, IsParticularAboutTheDigest) {
    EXPECT_EQ(found(short_hex.substr(1) + "  House-9.qcow2"), "");
    EXPECT_EQ(found(short_hex.substr(1) + "g  House-9.qcow2"), "");
    EXPECT_EQ(found("SHA256 (House-9.qcow2) = " + long_hex), "");
    EXPECT_EQ(found("SHA512 (House-9.qcow2) = " + short_hex), "");
    EXPECT_EQ(found(std::string(64, 'A') + "  House-9.qcow2"), sha256_text);
}

TEST(ChecksumFile, TakesTheStrongestOfTwo) {
    const std::string weak = short_hex + "  House-9.qcow2\n", strong = long_hex + "  House-9.qcow2\n";
    EXPECT_EQ(found(weak + strong), sha512_text);
    EXPECT_EQ(found(strong + weak), sha512_text);
    EXPECT_EQ(found(weak + weak), sha256_text);
}

TEST(ChecksumFile, AContradictionIsAnError) {
    EXPECT_THROW(found(short_hex + "  House-9.qcow2\n" + other_hex + "  House-9.qcow2\n"), InfraError);
}

TEST(Checksum, IsReadAsItIsWritten) {
    for (const auto& text : {sha256_text, sha512_text}) EXPECT_EQ(checksum_from_text(text)->text(), text);
    EXPECT_FALSE(checksum_from_text(short_hex));
    EXPECT_FALSE(checksum_from_text("sha256:" + long_hex));
    EXPECT_FALSE(checksum_from_text("md5:0123"));
}

}  // namespace
}  // namespace clamproof
